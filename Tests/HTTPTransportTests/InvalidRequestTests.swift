import HTTPTransport
import Logging
import Testing

@Suite(.timeLimit(.minutes(1)))
struct InvalidRequestTests {
  @Test(arguments: [
    ("X-Key", "a\r\nX-Other: b"), ("X-Key", "a\nb"), ("X-Key", "a\rb"), ("X-Key", "a\u{0}b"),
    ("X-Key", "a\u{7F}"), ("X Key", "hush"), ("X-Key:", "hush"), ("", "hush"),
    ("X-Key\r\nX-Other", "hush"), ("Schlüssel", "hush"), ("Content-Length", "5"),
    ("transfer-encoding", "chunked"),
  ])
  func refusesFields(_ name: String, _ value: String) async throws {
    let server = try ScriptedServer(answering: ProxyTests.ok)
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let request = get(server.url, fields: [HTTPField(name, value)])
    let error = try await failure(of: request, with: client)
    #expect(error.code == .invalidRequest)
    #expect(!error.message.contains("hush"))
    #expect(!error.message.contains { $0.isNewline })
    #expect(server.accepted == 0)
  }

  @Test(arguments: [
    "", "vendor.example/path", "/path", "http://", "http:///path", "ftp://127.0.0.1/",
    "file:///etc/passwd", "gopher://127.0.0.1/", "http://user:hush@127.0.0.1/",
    "http://127.0.0.1:99999/", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX-Other: b",
    "http://127.0.0.1/\u{0}", "http://127.0.0.1/\u{7F}",
  ])
  func refusesURLs(_ url: String) async throws {
    let client = try makeClient()
    defer { client.shutdown() }
    let error = try await failure(of: get(url), with: client)
    #expect(error.code == .invalidRequest, "\(error.message)")
    #expect(!error.message.contains("hush"), "\(error.message)")
  }

  @Test(arguments: [("HEAD", nil), ("get", nil), ("GET\r\n", nil), ("GET", [1]), ("PUT", [1])])
  func refusesMethods(_ method: String, _ body: [UInt8]?) async throws {
    let client = try makeClient()
    defer { client.shutdown() }
    let request = HTTPClientRequest(method: method, url: "http://127.0.0.1:9/", body: body)
    #expect(try await failure(of: request, with: client).code == .invalidRequest)
  }

  @Test(arguments: [
    "127.0.0.1:3128", "ftp://127.0.0.1/", "http://", "http://me:hush@127.0.0.1:99999",
    "http://me:hu sh@127.0.0.1", "http://me:hush@127.0.0.1\u{0}",
  ])
  func refusesProxies(_ url: String) async throws {
    let client = try makeClient()
    defer { client.shutdown() }
    var options = ConnectionOptions()
    options.proxyURL = url
    let error = try await failure(of: get("http://127.0.0.1:9/", connection: options), with: client)
    #expect(error.code == .invalidRequest)
    #expect(!error.message.contains("hu"), "\(error.message)")
  }

  @Test func namesFileThatIsMissing() async throws {
    let client = try makeClient()
    defer { client.shutdown() }
    let url = "https://127.0.0.1:9/"
    var options = ConnectionOptions()
    options.caFile = "/nonexistent/ca.pem"
    #expect(
      try await failure(of: get(url, connection: options), with: client)
        == TransportError(
          code: .invalidRequest,
          message: "cannot read the TLS CA file /nonexistent/ca.pem: No such file or directory"
        )
    )
    options = ConnectionOptions()
    options.keyFile = "/nonexistent/key.pem"
    #expect(
      try await failure(of: get(url, connection: options), with: client).code == .invalidRequest
    )
  }

  @Test(arguments: ["", "a b", "a/b", "a:1", "a\r\nb", "user@host", "a\u{0}"])
  func refusesServerNames(_ name: String) async throws {
    let client = try makeClient()
    defer { client.shutdown() }
    var options = ConnectionOptions()
    options.serverName = name
    let error = try await failure(
      of: get("https://127.0.0.1:9/", connection: options),
      with: client
    )
    #expect(error.code == .invalidRequest)
  }

  @Test func refusesUserAgentWithLineEnd() {
    let error = #expect(throws: TransportError.self) {
      try CurlHTTPClient(logger: Logger(level: .error, format: .json), userAgent: "a\r\nb: c")
    }
    #expect(error?.code == .invalidRequest)
  }

  /// Whatever the failure, no value, query or password reaches a message or the log.
  @Test func tellsNoSecret() async throws {
    let sink = CollectingSink()
    let client = try makeClient(sink)
    defer { client.shutdown() }
    let closing = try ScriptedServer { connection in _ = connection.readRequest() }
    defer { closing.stop() }
    let silent = try ScriptedServer { connection in _ = connection.waitForClose() }
    defer { silent.stop() }
    let talking = try ScriptedServer(
      answering: "HTTP/1.1 200 OK\r\nX-Secret: hush4\r\nContent-Length: 5\r\n\r\nhush5"
    )
    defer { talking.stop() }
    let fields = [HTTPField("X-API-Key", "hush1"), HTTPField("Authorization", "Bearer hush2")]
    var proxied = ConnectionOptions()
    proxied.proxyURL = "http://me:hush3@127.0.0.1:\(closing.port)"
    let requests = [
      get(closing.url + "/hush0?hush0", fields: fields),
      get("http://127.0.0.1:1/?hush0", fields: fields),
      get("https://127.0.0.1:\(talking.port)/?hush0", fields: fields, timeout: .milliseconds(300)),
      get("http://vendor.invalid/?hush0", fields: fields, connection: proxied),
      get("https://vendor.invalid/?hush0", fields: fields, connection: proxied),
      get(silent.url + "/?hush0", fields: fields, timeout: .milliseconds(50)),
      get(talking.url + "/?hush0", fields: fields, maxResponseSize: 1),
    ]
    for request in requests {
      let error = try await failure(of: request, with: client)
      #expect(!error.message.contains("hush"), "\(error.message)")
    }
    #expect(try await client.send(get(talking.url + "/?hush0", fields: fields)).status == 200)
    #expect(sink.text.contains("transfer ended"))
    #expect(!sink.text.contains("hush"), "\(sink.text)")
  }
}

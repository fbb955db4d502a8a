import CLinux
import Glibc
import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1)), .serialized)
struct ProxyTests {
  static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

  static func through(_ proxy: ScriptedServer, user: String = "") -> ConnectionOptions {
    var options = ConnectionOptions()
    options.proxyURL = "http://\(user)127.0.0.1:\(proxy.port)"
    return options
  }

  /// RFC 9112, section 3.2.2: a proxy gets the absolute form.
  @Test func asksProxyForAbsoluteForm() async throws {
    let proxy = try ScriptedServer(answering: ProxyTests.ok)
    defer { proxy.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let answer = try await client.send(
      get(
        "http://vendor.invalid/a?b=c",
        connection: ProxyTests.through(proxy, user: "us%40er:pass%3Aword@")
      )
    )
    #expect(answer.status == 200)
    let request = try #require(proxy.requests.first)
    #expect(
      request.hasPrefix("GET http://vendor.invalid/a?b=c HTTP/1.1\r\nHost: vendor.invalid\r\n")
    )
    // us@er:pass:word (RFC 7617, section 2)
    #expect(request.contains("\r\nProxy-Authorization: Basic dXNAZXI6cGFzczp3b3Jk\r\n"))
  }

  /// RFC 9110, section 9.3.6: TLS goes through a tunnel, and the proxy sees no field of the request.
  @Test func tunnelsTLS() async throws {
    let proxy = try ScriptedServer(
      answering: "HTTP/1.1 403 Forbidden\r\nX-Proxy: no\r\nContent-Length: 0\r\n\r\n"
    )
    defer { proxy.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let request = get(
      "https://vendor.invalid/a?b=c",
      fields: [HTTPField("X-API-Key", "sesame")],
      connection: ProxyTests.through(proxy, user: "user:hush@")
    )
    let error = try await failure(of: request, with: client)
    #expect(error.code == .connection)
    #expect(
      error.message
        == "the proxy 127.0.0.1:\(proxy.port) refused the way to vendor.invalid:443 with "
        + "HTTP 403; ask who runs the proxy"
    )
    #expect(!error.isUnanswered)
    #expect(!error.message.contains("hush"))
    let connect = try #require(proxy.requests.first)
    #expect(
      connect.hasPrefix(
        "CONNECT vendor.invalid:443 HTTP/1.1\r\nHost: vendor.invalid:443\r\n"
      )
    )
    #expect(!connect.contains("sesame"))
    #expect(!connect.contains("b=c"))
  }

  @Test func tellsWhatAProxyWants() async throws {
    let proxy = try ScriptedServer(
      answering: "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
    )
    defer { proxy.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let request = get("https://vendor.invalid/", connection: ProxyTests.through(proxy))
    let error = try await failure(of: request, with: client)
    #expect(
      error.message.hasSuffix("HTTP 407; it wants a user and password: put them into proxy_url")
    )
  }

  /// The tunnel leads to the real host whatever name TLS asks for, and `no_proxy` is about it too.
  @Test func tunnelsToRealHostUnderServerName() async throws {
    let proxy = try ScriptedServer(
      answering: "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    )
    defer { proxy.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    var options = ProxyTests.through(proxy)
    options.serverName = "name.invalid"
    options.noProxy = "name.invalid"
    let error = try await failure(
      of: get("https://vendor.invalid:8443/", connection: options),
      with: client
    )
    #expect(error.code == .connection)
    #expect(proxy.requests.first?.hasPrefix("CONNECT vendor.invalid:8443 HTTP/1.1\r\n") == true)
  }

  @Test func goesAroundProxyForItsExceptions() async throws {
    let proxy = try ScriptedServer(answering: ProxyTests.ok)
    defer { proxy.stop() }
    let server = try ScriptedServer(answering: ProxyTests.ok)
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    var options = ProxyTests.through(proxy)
    options.noProxy = "example.com, 127.0.0.1:\(server.port)"
    _ = try await client.send(get(server.url, connection: options))
    #expect((server.accepted, proxy.accepted) == (1, 0))
    options.noProxy = "example.com, 127.0.0.1:1"
    _ = try await client.send(get(server.url, connection: options))
    #expect((server.accepted, proxy.accepted) == (1, 1))
  }

  @Test func sharesNoConnectionWithDirectRequests() async throws {
    let server = try ScriptedServer(answering: ProxyTests.ok)
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    _ = try await client.send(get(server.url))
    // The server is its own proxy here: the address is the same, the kind of connection is not.
    _ = try await client.send(get(server.url, connection: ProxyTests.through(server)))
    #expect(server.accepted == 2)
    #expect(server.requests.map { $0.prefix(10) } == ["GET / HTTP", "GET http:/"])
  }

  @Test func sharesNoConnectionBetweenCredentials() async throws {
    let proxy = try ScriptedServer(answering: ProxyTests.ok)
    defer { proxy.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    for (user, accepted) in [("a:b@", 1), ("a:b@", 1), ("c:d@", 2), ("", 3)] {
      let options = ProxyTests.through(proxy, user: user)
      _ = try await client.send(get("http://vendor.invalid/", connection: options))
      #expect(proxy.accepted == accepted, "\(user)")
    }
  }

  @Test(arguments: ["http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
  func ignoresEnvironment(_ name: String) async throws {
    let proxy = try ScriptedServer(answering: ProxyTests.ok)
    defer { proxy.stop() }
    let server = try ScriptedServer(answering: ProxyTests.ok)
    defer { server.stop() }
    unsafe setenv(name, proxy.url, 1)
    defer { unsafe unsetenv(name) }
    let client = try makeClient()
    defer { client.shutdown() }
    #expect(try await client.send(get(server.url)).status == 200)
    #expect((server.accepted, proxy.accepted) == (1, 0))
  }

  @Test func ignoresEnvironmentsExceptions() async throws {
    let proxy = try ScriptedServer(answering: ProxyTests.ok)
    defer { proxy.stop() }
    let server = try ScriptedServer(answering: ProxyTests.ok)
    defer { server.stop() }
    unsafe setenv("no_proxy", "*", 1)
    defer { unsafe unsetenv("no_proxy") }
    let client = try makeClient()
    defer { client.shutdown() }
    _ = try await client.send(get(server.url, connection: ProxyTests.through(proxy)))
    #expect((server.accepted, proxy.accepted) == (0, 1))
  }

  /// RFC 1928: the proxy gets the vendor's name and resolves it itself, as with Prometheus.
  @Test func leavesNamesToSocksProxy() async throws {
    let proxy = try ScriptedServer { connection in
      _ = connection.read(2 + 2)  // version, and the methods offered
      connection.write([5, 0])
      let head = connection.read(5)
      guard head.count == 5, head[3] == 3 else { return }
      let name = String(decoding: connection.read(Int(head[4])), as: UTF8.self)
      _ = connection.read(2)
      connection.write([5, 0, 0, 1, 127, 0, 0, 1, 0, 80])
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)")
    }
    defer { proxy.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    var options = ConnectionOptions()
    options.proxyURL = "socks5://127.0.0.1:\(proxy.port)"
    let answer = try await client.send(get("http://vendor.invalid/", connection: options))
    #expect(String(decoding: answer.body, as: UTF8.self) == "vendor.invalid")
  }

  @Test func namesProxyThatIsDown() async throws {
    let proxy = try ScriptedServer { _ in }
    proxy.stop()
    let client = try makeClient()
    defer { client.shutdown() }
    let error = try await failure(
      of: get("http://vendor.invalid/", connection: ProxyTests.through(proxy, user: "me:hush@")),
      with: client
    )
    #expect(
      error
        == TransportError(
          code: .connection,
          message: "cannot connect to vendor.invalid:80 through the proxy 127.0.0.1:\(proxy.port): "
            + "Connection refused"
        )
    )
  }
}

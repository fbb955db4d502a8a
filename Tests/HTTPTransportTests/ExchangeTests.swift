import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ExchangeTests {
  /// An answer as it stands on the wire and what it says (RFC 9112).
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let wire: [UInt8]
    var status = 200
    var fields: [HTTPField] = []
    var body = ""

    init(
      _ name: String,
      _ wire: String,
      more: [UInt8] = [],
      status: Int = 200,
      fields: [HTTPField] = [],
      body: String = ""
    ) {
      testDescription = name
      self.wire = Array(wire.utf8) + more
      self.status = status
      self.fields = fields
      self.body = body
    }
  }

  /// `{"status":"SUCCESS"}` as `gzip -9` writes it (RFC 1952).
  static let gzipped: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 42, 46, 73, 44, 41, 45, 86, 178, 82, 10, 14, 117,
    118, 118, 13, 14, 86, 170, 5, 0, 29, 91, 250, 151, 20, 0, 0, 0,
  ]
  /// The same in the zlib format, which `deflate` means (RFC 9110, section 8.4.1.2).
  static let deflated: [UInt8] = [
    120, 156, 171, 86, 42, 46, 73, 44, 41, 45, 86, 178, 82, 10, 14, 117, 118, 118, 13, 14, 86, 170,
    5, 0, 71, 220, 6, 120,
  ]

  static let cases = [
    Case(
      "a body with its length",
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
      fields: [HTTPField("Content-Type", "application/json"), HTTPField("Content-Length", "2")],
      body: "{}"
    ),
    Case(
      "chunks",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
      fields: [HTTPField("Transfer-Encoding", "chunked")],
      body: "abcde"
    ),
    Case(
      "a trailer is left out",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Late: 1\r\n\r\n",
      fields: [HTTPField("Transfer-Encoding", "chunked")],
      body: "a"
    ),
    Case(
      "gzip",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 40\r\n\r\n",
      more: gzipped,
      fields: [HTTPField("Content-Encoding", "gzip"), HTTPField("Content-Length", "40")],
      body: #"{"status":"SUCCESS"}"#
    ),
    Case(
      "deflate",
      "HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: 28\r\n\r\n",
      more: deflated,
      fields: [HTTPField("Content-Encoding", "deflate"), HTTPField("Content-Length", "28")],
      body: #"{"status":"SUCCESS"}"#
    ),
    Case(
      "interim answers are left out",
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
      status: 204,
      fields: [HTTPField("X", "y")]
    ),
    Case(
      "an obs-fold is one space, an empty value is kept",
      "HTTP/1.1 200 OK\r\nX-A: one\r\n \t two\r\nX-B:\r\nX-C: \t c \r\nContent-Length: 0\r\n\r\n",
      fields: [
        HTTPField("X-A", "one two"), HTTPField("X-B", ""), HTTPField("X-C", "c"),
        HTTPField("Content-Length", "0"),
      ]
    ),
    Case(
      "a rate limit",
      "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nslow",
      status: 429,
      fields: [HTTPField("Retry-After", "7"), HTTPField("Content-Length", "4")],
      body: "slow"
    ),
    Case(
      "a status without reason",
      "HTTP/1.1 500\r\nContent-Length: 0\r\n\r\n",
      status: 500,
      fields: [HTTPField("Content-Length", "0")]
    ),
  ]

  @Test(arguments: cases)
  func readsAnswer(_ expected: Case) async throws {
    let server = try ScriptedServer(answering: expected.wire)
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let answer = try await client.send(get(server.url + "/a"))
    #expect(answer.status == expected.status)
    #expect(answer.fields == expected.fields)
    #expect(String(decoding: answer.body, as: UTF8.self) == expected.body)
  }

  @Test func readsBodyUntilClose() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.0 200 OK\r\n\r\nall of it")
    }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let answer = try await client.send(get(server.url))
    #expect(String(decoding: answer.body, as: UTF8.self) == "all of it")
  }

  @Test func sendsRequestLineFieldsAndBody() async throws {
    let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let body = #"{"query":"é"}"#
    _ = try await client.send(
      HTTPClientRequest(
        method: "POST",
        url: server.url + "/a/../b%2Fc?x=1%202",
        fields: [
          HTTPField("Content-Type", "application/json"), HTTPField("X-API-Key", " k@!# "),
          HTTPField("X-Empty", ""), HTTPField("Accept", "application/json"),
        ],
        body: Array(body.utf8)
      )
    )
    let request = try #require(server.requests.first)
    let lines = request.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.first == "POST /a/../b%2Fc?x=1%202 HTTP/1.1")
    #expect(lines.last == body)
    #expect(
      lines.dropFirst().dropLast(2).sorted() == [
        "Accept-Encoding: gzip, deflate",
        "Accept: application/json",
        "Content-Length: \(body.utf8.count)",
        "Content-Type: application/json",
        "Host: 127.0.0.1:\(server.port)",
        "User-Agent: cx_exporter/test",
        "X-API-Key: k@!#",
        "X-Empty:",
      ]
    )
  }

  @Test(arguments: [nil, []] as [[UInt8]?])
  func sendsEmptyPost(_ body: [UInt8]?) async throws {
    let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let request = HTTPClientRequest(method: "POST", url: server.url, body: body)
    #expect(try await client.send(request).status == 200)
    let sent = try #require(server.requests.first)
    #expect(sent.hasPrefix("POST / HTTP/1.1\r\n"))
    #expect(sent.contains("\r\nContent-Length: 0\r\n"))
    #expect(!sent.contains("Content-Type"))
    #expect(!sent.contains("Expect"))
  }

  @Test func largePostAsksForNoExpectation() async throws {
    let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let body = [UInt8](repeating: UInt8(ascii: "a"), count: 3 << 20)
    _ = try await client.send(HTTPClientRequest(method: "POST", url: server.url, body: body))
    let sent = try #require(server.requests.first)
    #expect(!sent.lowercased().contains("\r\nexpect"))
    #expect(sent.utf8.count > body.count)
  }

  @Test func reusesConnection() async throws {
    let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    for number in 0..<5 {
      #expect(try await client.send(get(server.url + "/\(number)")).status == 200)
    }
    #expect(server.accepted == 1)
    #expect(server.requests.count == 5)
  }

  @Test func openAgainAfterServerClosedIdleConnection() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    for _ in 0..<3 {
      #expect(try await client.send(get(server.url)).status == 200)
    }
    #expect(server.accepted == 3)
  }

  @Test func followsNoRedirect() async throws {
    let elsewhere = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    defer { elsewhere.stop() }
    let server = try ScriptedServer(
      answering: "HTTP/1.1 302 Found\r\nLocation: \(elsewhere.url)/\r\nContent-Length: 0\r\n\r\n"
    )
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let answer = try await client.send(get(server.url))
    #expect(answer.status == 302)
    #expect(answer.field("location") == elsewhere.url + "/")
    #expect(elsewhere.accepted == 0)
    #expect(server.requests.count == 1)
  }

  @Test func keepsNoCookie() async throws {
    let server = try ScriptedServer(
      answering: "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
    )
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    _ = try await client.send(get(server.url))
    _ = try await client.send(get(server.url))
    #expect(server.requests.count == 2)
    #expect(!server.requests.contains { $0.lowercased().contains("\r\ncookie:") })
  }
}

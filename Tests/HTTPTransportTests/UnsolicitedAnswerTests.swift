import CLinux
import Glibc
import HTTPTransport
import Synchronization
import Testing

/// An answer belongs to its request: what a server says unasked is the answer to none.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct UnsolicitedAnswerTests {
  static func answer(_ body: String, _ more: String = "") -> String {
    "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\(more)\r\n\(body)"
  }

  static let late = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"

  /// How the bytes that nobody asked for come after the first answer.
  enum Way: CaseIterable {
    /// In the same write, behind the body's length.
    case together
    /// In a write of their own.
    case behind
    /// In pieces: a half that a reader may have dropped, then the other.
    case halves
    /// Behind chunks.
    case behindChunks
    /// Behind an answer without a body.
    case behindNothing
  }

  private static func write(_ way: Way, _ unasked: String, to connection: ServerConnection) {
    switch way {
    case .together: connection.write(answer("one") + unasked)
    case .behind:
      connection.write(answer("one"))
      connection.write(unasked)
    case .halves:
      connection.write(answer("one") + unasked.prefix(9))
      connection.write(String(unasked.dropFirst(9)))
    case .behindChunks:
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n")
      connection.write(unasked)
    case .behindNothing:
      connection.write("HTTP/1.1 204 No Content\r\nX-Is: one\r\n\r\n")
      connection.write(unasked)
    }
  }

  /// Answers `/one` and then, unasked, once more; later requests by their path.
  private static func server(_ way: Way, _ unasked: String) throws -> (ScriptedServer, OneShot) {
    let told = OneShot()
    let server = try ScriptedServer { connection in
      while true {
        let request = connection.readRequest()
        guard let path = request.split(separator: " ").dropFirst().first else { return }
        if path.hasSuffix("/one") {
          write(way, unasked, to: connection)
          told.fire()
        } else {
          connection.write(answer(String(path.split(separator: "/").last ?? "")))
        }
      }
    }
    return (server, told)
  }

  /// Sends `/one`, waits for what comes unasked, and then asks three times.
  private func expectNoMixture(
    _ way: Way,
    _ unasked: String,
    through proxy: Bool = false
  ) async throws {
    let (server, told) = try UnsolicitedAnswerTests.server(way, unasked)
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    var connection = ConnectionOptions()
    if proxy { connection.proxyURL = server.url }
    let base = proxy ? "http://vendor.invalid" : server.url
    let first = try await client.send(get(base + "/one", connection: connection))
    #expect(first.status == (way == .behindNothing ? 204 : 200))
    told.wait()
    for name in ["two", "three", "four"] {
      let next = try await client.send(get(base + "/\(name)", connection: connection))
      #expect(next.status == 200)
      #expect(String(decoding: next.body, as: UTF8.self) == name)
    }
    // Nothing was asked twice: the idle connection was left before a byte was sent on it.
    #expect(server.requests.count == 4)
  }

  @Test(arguments: Way.allCases, [late, answer("stranger")])
  func onAnIdleConnection(_ way: Way, _ unasked: String) async throws {
    try await expectNoMixture(way, unasked)
  }

  @Test(arguments: [late, answer("stranger")])
  func onAProxysConnection(_ unasked: String) async throws {
    try await expectNoMixture(.behind, unasked, through: true)
  }

  /// Without anything unasked the connection is used again.
  @Test func aQuietConnectionIsKept() async throws {
    let server = try ScriptedServer(answering: UnsolicitedAnswerTests.answer("ok"))
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    for _ in 0..<20 { _ = try await client.send(get(server.url)) }
    #expect(server.accepted == 1)
  }

  @Test func before() async throws {
    let spoken = OneShot()
    let server = try ScriptedServer { connection in
      connection.write(UnsolicitedAnswerTests.answer("unasked"))
      spoken.fire()
      _ = connection.waitForClose()
    }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    // Whether the bytes are there before the request is the kernel's to say; what is seen is told.
    let outcome: Result<HTTPClientResponse, TransportError>
    do throws(TransportError) {
      outcome = .success(try await client.send(get(server.url)))
    } catch {
      outcome = .failure(error)
    }
    if case .failure(let error) = outcome {
      #expect(error.code == .connection)
      #expect(error.message.contains("before it was asked"), "\(error.message)")
      #expect(!error.isUnanswered)
      #expect(server.accepted == 2)
    }
  }

  /// A 408 may be the answer to no request, with the real one on its way: nothing is sent behind it.
  @Test func aTimeoutEndsItsConnection() async throws {
    let server = try ScriptedServer { connection in
      while !connection.readRequest().isEmpty {
        connection.write(UnsolicitedAnswerTests.late)
      }
    }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    for count in 1...3 {
      #expect(try await client.send(get(server.url)).status == 408)
      #expect(server.accepted == count)
    }
  }

  /// TLS, where the bytes are one record: OpenSSL has read none of it.
  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func underTLS(_ version: String) async throws {
    let authority = try TestAuthority()
    try authority.issue("address", for: "IP:127.0.0.1")
    let server = try TLSServer(
      ["-cert", authority.certificate("address"), "-key", authority.key("address"), version]
    )
    var connection = ConnectionOptions()
    connection.caFile = authority.caFile
    let client = try makeClient()
    let one = try server.answer(after: "GET /one", Array(UnsolicitedAnswerTests.answer("one").utf8))
    let first = try await client.send(get(server.url + "/one", connection: connection))
    one.join()
    // A quiet connection is used again, whatever session tickets came with the handshake.
    let two = try server.answer(
      after: "GET /two",
      Array((UnsolicitedAnswerTests.answer("two")).utf8)
    )
    let second = try await client.send(get(server.url + "/two", connection: connection))
    two.join()
    #expect(server.text.split(separator: "CIPHER is").count == 2)
    server.say(UnsolicitedAnswerTests.answer("stranger"))
    try UnsolicitedAnswerTests.waitForInput(from: server.port)
    let three = try server.answer(
      after: "GET /three",
      Array(UnsolicitedAnswerTests.answer("three").utf8)
    )
    let third = try await client.send(get(server.url + "/three", connection: connection))
    client.shutdown()
    server.stop()
    three.join()
    #expect(
      [first, second, third].map { String(decoding: $0.body, as: UTF8.self) }
        == ["one", "two", "three"]
    )
  }
}

extension UnsolicitedAnswerTests {
  /// Waits until the kernel has bytes for this process from that port: `/proc/net/tcp` shows each
  /// socket's remote address and what its queues hold.
  static func waitForInput(from port: Int) throws {
    let remote = ":" + String(port + 0x10000, radix: 16, uppercase: true).dropFirst()
    while true {
      let descriptor = unsafe open("/proc/net/tcp", O_RDONLY)
      defer { close(descriptor) }
      var table: [UInt8] = []
      var bytes = [UInt8](repeating: 0, count: 65_536)
      while case let count = unsafe read(descriptor, &bytes, bytes.count), count > 0 {
        table += bytes.prefix(count)
      }
      for line in String(decoding: table, as: UTF8.self).split(separator: "\n") {
        let columns = line.split(separator: " ")
        guard columns.count > 4, columns[2].hasSuffix(remote) else { continue }
        if !columns[4].hasSuffix(":00000000") { return }
      }
      sched_yield()
    }
  }
}

/// A request is sent once, and what came of it is told, so that its sender can count a repeat.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct UnansweredTests {
  private func send(
    _ server: ScriptedServer,
    _ path: String,
    _ client: CurlHTTPClient,
    isFresh: Bool = false
  ) async -> Result<HTTPClientResponse, TransportError> {
    var request = get(server.url + path)
    request.isSentOnce = true
    request.needsFreshConnection = isFresh
    do throws(TransportError) {
      return .success(try await client.send(request))
    } catch {
      return .failure(error)
    }
  }

  /// libcurl would send the second request again by itself.
  @Test(
    arguments: [
      // GOAWAY whose last stream is 0, without an error.
      [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      // RST_STREAM with REFUSED_STREAM.
      [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7],
    ] as [[UInt8]]
  )
  func anUnprocessedStream(_ frame: [UInt8]) async throws {
    let authority = try TestAuthority()
    try authority.issue("address", for: "IP:127.0.0.1")
    let server = try TLSServer(
      ["-cert", authority.certificate("address"), "-key", authority.key("address"), "-alpn", "h2"]
    )
    let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0]
    let answering = try server.answer(after: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", settings + frame)
    let client = try makeClient()
    var request = get(server.url)
    request.connection.caFile = authority.caFile
    request.isSentOnce = true
    let error = try await failure(of: request, with: client)
    client.shutdown()
    server.stop()
    answering.join()
    #expect(error.code == .connection)
    #expect(error.isUnanswered, "\(error.message)")
  }
}

/// Lets a test wait for what another thread has done.
private final class OneShot: Sendable {
  private let isOpen = Mutex(false)

  func fire() { isOpen.withLock { $0 = true } }

  func wait() {
    while !isOpen.withLock({ $0 }) { sched_yield() }
  }
}

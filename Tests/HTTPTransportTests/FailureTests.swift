import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FailureTests {
  /// What a server does to a request, and how that is told.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let script: ScriptedServer.Script
    let code: TransportError.Code
    let words: String
  }

  static let cases = [
    Case(
      testDescription: "reset in the body",
      script: { connection in
        _ = connection.readRequest()
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        connection.reset()
      },
      code: .connection,
      words: "the connection to "
    ),
    Case(
      testDescription: "closed before any byte",
      script: { connection in _ = connection.readRequest() },
      code: .connection,
      words: "it ended before any byte of an answer"
    ),
    Case(
      testDescription: "body shorter than its length",
      script: { connection in
        _ = connection.readRequest()
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
      },
      code: .connection,
      words: "the connection to "
    ),
    Case(
      testDescription: "chunks without end",
      script: { connection in
        _ = connection.readRequest()
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n")
      },
      code: .connection,
      words: "the connection to "
    ),
    Case(
      testDescription: "a chunk size that is no number",
      script: { connection in
        _ = connection.readRequest()
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabcde\r\n")
      },
      code: .connection,
      words: "the connection to "
    ),
    Case(
      testDescription: "not HTTP",
      script: { connection in
        _ = connection.readRequest()
        connection.write("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n and more of it\r\n")
      },
      code: .connection,
      words: "is not HTTP"
    ),
    Case(
      testDescription: "only interim answers",
      script: { connection in
        _ = connection.readRequest()
        connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
      },
      code: .connection,
      words: "the connection to "
    ),
  ]

  @Test(arguments: cases)
  func tellsBrokenAnswer(_ expected: Case) async throws {
    let server = try ScriptedServer(expected.script)
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let error = try await failure(of: get(server.url + "/path?query=1"), with: client)
    #expect(error.code == expected.code)
    #expect(error.message.contains(expected.words), "\(error.message)")
    #expect(error.message.contains("127.0.0.1:\(server.port)"), "\(error.message)")
    #expect(!error.message.contains("query"), "\(error.message)")
    #expect(!error.message.contains("\n"))
  }

  @Test func tellsRefusedConnection() async throws {
    let server = try ScriptedServer { _ in }
    server.stop()
    let client = try makeClient()
    defer { client.shutdown() }
    let error = try await failure(of: get(server.url), with: client)
    #expect(
      error
        == TransportError(
          code: .connection,
          message: "cannot connect to 127.0.0.1:\(server.port): Connection refused"
        )
    )
  }

  @Test func tellsUnknownHost() async throws {
    let client = try makeClient()
    defer { client.shutdown() }
    // .invalid never resolves (RFC 6761, section 6.4).
    let error = try await failure(of: get("http://host.invalid:8080/"), with: client)
    #expect(error.code == .connection)
    #expect(error.message.hasPrefix("cannot connect to host.invalid:8080: "), "\(error.message)")
  }

  @Test func endsSilentAnswerAtDeadline() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      _ = connection.waitForClose()
    }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let start = ContinuousClock.now
    let error = try await failure(of: get(server.url, timeout: .milliseconds(300)), with: client)
    let elapsed = ContinuousClock.now - start
    #expect(error.code == .timeout)
    #expect(error.message == "no answer from 127.0.0.1:\(server.port) within 0.3 s")
    #expect(elapsed >= .milliseconds(290) && elapsed < .seconds(30), "\(elapsed)")
  }

  @Test func deadlineIsForTheWholeAnswer() async throws {
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
      // A byte every 50 ms: each comes in time, the whole does not.
      while connection.write("x"), !connection.isClosed(within: 50) {}
    }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let start = ContinuousClock.now
    let error = try await failure(of: get(server.url, timeout: .milliseconds(500)), with: client)
    let elapsed = ContinuousClock.now - start
    #expect(error.code == .timeout)
    #expect(error.message.contains("no complete answer from 127.0.0.1:"), "\(error.message)")
    #expect(elapsed >= .milliseconds(490) && elapsed < .seconds(30), "\(elapsed)")
  }

  @Test(arguments: [Duration.zero, .seconds(-1), .microseconds(1)])
  func timeoutOfNothingIsNotForever(_ timeout: Duration) async throws {
    let server = try ScriptedServer { connection in _ = connection.waitForClose() }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let error = try await failure(of: get(server.url, timeout: timeout), with: client)
    #expect(error.code == .timeout)
  }

  @Test func refusesRequestsAfterShutdown() async throws {
    let client = try makeClient()
    client.shutdown()
    client.shutdown()
    let error = try await failure(of: get("http://127.0.0.1:9/"), with: client)
    #expect(error.code == .cancelled)
    #expect(error.message.contains("shut down"))
  }
}

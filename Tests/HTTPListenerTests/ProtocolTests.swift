import HTTPListener
import Testing

extension SocketTests {
  /// Raw requests over real sockets.
  @Suite struct ProtocolTests {
    private static let followUp = "GET /after HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    /// Sends the pieces, reads what must come, and sees the connection close or live on.
    private func check(_ test: RequestCase, pieces: [ArraySlice<UInt8>], on server: TestServer)
      throws
    {
      let client = try server.connect()
      for piece in pieces where !client.send(Array(piece)) { break }
      let isHead = test.raw.hasPrefix("HEAD ")
      let answer = try client.receiveAnswer(toHead: isHead)
      #expect(answer.field("date")?.hasSuffix(" GMT") == true)
      switch test.verdict {
      case .refused(let status):
        #expect(answer.status == status)
        #expect(answer.field("connection") == "close")
        #expect(answer.field("content-type")?.hasPrefix("text/plain") == true)
        #expect(answer.text.hasPrefix("\(status): ") && answer.text.hasSuffix("\n"))
        #expect(answer.body.count { $0 == 0x0A } == 1)
        #expect(try client.isAtEnd())
      case .served(let method, let path, let body, let closes):
        let text = "\(method) \(path)\n\(body)"
        #expect(answer.status == 200)
        #expect(answer.field("content-length") == String(text.utf8.count))
        #expect(answer.text == (isHead ? "" : text))
        if closes {
          #expect(answer.field("connection") == "close")
        } else {
          #expect(
            answer.field("connection") == (test.raw.contains("HTTP/1.0") ? "keep-alive" : nil)
          )
          client.send(ProtocolTests.followUp)
          #expect(try client.receiveAnswer().text == "GET /after\n")
        }
        #expect(try client.isAtEnd())
      }
    }

    @Test func everyCaseInOnePiece() async throws {
      let server = try TestServer()
      for test in RequestCase.all {
        do {
          try check(test, pieces: [Array(test.raw.utf8)[...]], on: server)
        } catch {
          Issue.record("\(test.name): \(error)")
        }
      }
      await server.stop()
    }

    /// TCP_NODELAY makes a segment of nearly every byte.
    @Test func shortCasesByteByByte() async throws {
      let server = try TestServer()
      for test in RequestCase.all where test.raw.utf8.count < 200 {
        let bytes = Array(test.raw.utf8)
        do {
          try check(test, pieces: bytes.indices.map { bytes[$0...$0] }, on: server)
        } catch {
          Issue.record("\(test.name): \(error)")
        }
      }
      await server.stop()
    }

    @Test func oneRequestSplitAtEveryByte() async throws {
      let server = try TestServer()
      let raw =
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
      let test = RequestCase.served("chunked", raw, "POST", "/a", body: "abc")
      let bytes = Array(raw.utf8)
      for cut in 1..<bytes.count {
        try check(test, pieces: [bytes[..<cut], bytes[cut...]], on: server)
      }
      await server.stop()
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
      let server = try TestServer()
      let client = try server.connect()
      let count = 500
      client.send((0..<count).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
      for index in 0..<count {
        #expect(try client.receiveAnswer().text == "GET /\(index)\n")
      }
      #expect(server.listener.connectionCount == 1)
      await server.stop()
    }

    @Test func nothingIsServedAfterClose() async throws {
      let server = try TestServer()
      let client = try server.connect()
      client.send(
        "GET /1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
      )
      let all = String(decoding: try client.receiveAll(), as: UTF8.self)
      #expect(all.contains("GET /1\n"))
      #expect(!all.contains("GET /2\n"))
      await server.stop()
    }

    @Test func continueIsSentToWhoWaits() async throws {
      let server = try TestServer()
      let client = try server.connect()
      let head = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"
      client.send(head)
      #expect(try client.receiveAnswer().status == 100)
      client.send("ab")
      #expect(try client.receiveAnswer().text == "POST /a\nab")
      // Who has begun the body gets the final answer only.
      client.send(head + "cd")
      #expect(try client.receiveAnswer().text == "POST /a\ncd")
      // HTTP/1.0 knows no 100, and a refusal comes instead of one.
      client.send(
        "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\nExpect: 100-continue\r\n\r\n"
      )
      #expect(try client.receiveAnswer().status == 413)
      #expect(try client.isAtEnd())
      await server.stop()
    }

    @Test func halfClosedClientGetsItsAnswer() async throws {
      let server = try TestServer()
      let client = try server.connect()
      client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
      client.finishSending()
      #expect(try client.receiveAnswer().text == "GET /1\n")
      #expect(try client.receiveAnswer().text == "GET /2\n")
      #expect(try client.isAtEnd())
      let other = try server.connect()
      other.send("GET /1 HTTP/1.1\r\nHo")
      other.finishSending()
      #expect(try other.receiveAnswer().status == 400)
      #expect(try other.isAtEnd())
      await server.stop()
    }

    /// The client that is still sending a body that is too large reads the refusal all the same.
    @Test func refusalArrivesInSpiteOfUnreadBytes() async throws {
      let server = try TestServer()
      let client = try server.connect()
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n")
      client.send([UInt8](repeating: 0x61, count: 500_000))
      #expect(try client.receiveAnswer().status == 413)
      #expect(try client.isAtEnd())
      #expect(server.refusals.statuses == [413])
      await server.stop()
    }

    @Test func bodylessStatuses() async throws {
      let server = try TestServer { request in
        .response(
          HTTPResponse(status: Int(request.path.dropFirst()) ?? 0, body: [Array("body".utf8)])
        )
      }
      let client = try server.connect()
      for status in [204, 304] {
        client.send("GET /\(status) HTTP/1.1\r\nHost: x\r\n\r\n")
        let answer = try client.receiveAnswer()
        #expect(answer.status == status)
        #expect(answer.field("content-length") == nil)
      }
      // Still in step; and a status that no answer has becomes 500.
      client.send("GET /100 HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.receiveAnswer().status == 500)
      client.send("GET /299 HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.receiveAnswer().text == "body")
      await server.stop()
    }

    /// A handler cannot break the framing, by accident or by what a client made it repeat.
    @Test func fieldsOfTheHandlerStayFields() async throws {
      let server = try TestServer { _ in
        .response(
          HTTPResponse(
            status: 200,
            fields: [
              ("X-A", "a\r\nX-B: b"), ("X C", "c"), ("Content-Length", "999"), ("date", "never"),
              ("Transfer-Encoding", "chunked"), ("Connection", "close"),
            ],
            body: [[], Array("ok".utf8), []]
          )
        )
      }
      let client = try server.connect()
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      let answer = try client.receiveAnswer()
      #expect(answer.text == "ok")
      #expect(answer.fields.keys.sorted() == ["connection", "content-length", "date", "x-a"])
      #expect(answer.fields["x-a"] == ["a  X-B: b"])
      #expect(answer.fields["content-length"] == ["2"])
      #expect(answer.fields["connection"] == ["close"])
      #expect(try client.isAtEnd())
      await server.stop()
    }
  }
}

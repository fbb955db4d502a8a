import HTTPListener
import Testing

extension SocketTests {
  /// Answers that are kept and sent many times: by a copy or by references to pages, the bytes are the same.
  @Suite struct PreparedAnswerTests {
    private static let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Bytes in which a part that is missing, doubled or moved shows.
    private static func body(_ sizes: [Int]) -> [[UInt8]] {
      var state: UInt32 = 1
      return sizes.map { size in
        (0..<size).map { _ in
          state = state &* 1_664_525 &+ 1_013_904_223
          return UInt8(state >> 24)
        }
      }
    }

    private static func prepared(_ body: [[UInt8]]) -> HTTPResponse {
      var response = HTTPResponse(status: 200, body: body)
      response.prepare()
      return response
    }

    /// Around the sizes between which pages are sent, with the head, in one segment and in several.
    @Test(arguments: [
      [], [0], [1], [16_383], [16_384], [16_385], [8_192, 0, 8_192], [100_000], [10, 300_000, 2],
      [1_048_576], [524_288, 524_289, 1], [3_000_000], [4_194_304],
    ])
    func isSentWholeEachTime(_ sizes: [Int]) async throws {
      let body = PreparedAnswerTests.body(sizes)
      let response = PreparedAnswerTests.prepared(body)
      let server = try TestServer { _ in .response(response) }
      let client = try server.connect()
      for _ in 0..<3 {
        client.send(PreparedAnswerTests.get)
        #expect(try client.receiveAnswer().body == Array(body.joined()))
      }
      // One behind the other, without waiting for the first.
      client.send(PreparedAnswerTests.get + PreparedAnswerTests.get)
      #expect(try client.receiveAnswer().body == Array(body.joined()))
      #expect(try client.receiveAnswer().body == Array(body.joined()))
      await server.stop()
    }

    @Test func headHasNoBody() async throws {
      let body = PreparedAnswerTests.body([100_000])
      let response = PreparedAnswerTests.prepared(body)
      let server = try TestServer { _ in .response(response) }
      let client = try server.connect()
      client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + PreparedAnswerTests.get)
      let head = try client.receiveAnswer(toHead: true)
      #expect(head.field("content-length") == "100000")
      #expect(try client.receiveAnswer().body == body[0])
      await server.stop()
    }

    /// What was prepared is of no use once the answer is another.
    @Test func changeIsSent() async throws {
      var response = PreparedAnswerTests.prepared(PreparedAnswerTests.body([20_000]))
      response.body = PreparedAnswerTests.body([30_000])
      let changed = response
      let server = try TestServer { _ in .response(changed) }
      let client = try server.connect()
      client.send(PreparedAnswerTests.get)
      #expect(try client.receiveAnswer().body == changed.body[0])
      await server.stop()
    }

    /// A socket that takes little at a time: the rest follows when there is room.
    @Test func slowReaderGetsEverything() async throws {
      let body = PreparedAnswerTests.body([200_000, 200_000])
      let response = PreparedAnswerTests.prepared(body)
      let server = try TestServer { _ in .response(response) }
      let client = try server.connect(receiveBuffer: 4096)
      for _ in 0..<8 { client.send(PreparedAnswerTests.get) }
      for _ in 0..<8 {
        #expect(try client.receiveAnswer().body == Array(body.joined()))
      }
      await server.stop()
    }

    /// Sending pages to a peer that is gone raises a signal, of which the process must not die.
    @Test func peerThatLeavesEndsItsConnectionOnly() async throws {
      let body = PreparedAnswerTests.body([500_000])
      let response = PreparedAnswerTests.prepared(body)
      let server = try TestServer { _ in .response(response) }
      for isReset in [false, true] {
        for _ in 0..<20 {
          let client = try server.connect(receiveBuffer: 4096)
          for _ in 0..<4 { client.send(PreparedAnswerTests.get) }
          _ = try client.receive(1)
          if isReset { client.resetOnClose() }
        }
      }
      try eventually { server.listener.connectionCount == 0 }
      let client = try server.connect()
      client.send(PreparedAnswerTests.get)
      #expect(try client.receiveAnswer().body == body[0])
      await server.stop()
    }
  }
}

import HTTPListener
import Synchronization
import Testing

extension SocketTests {
  /// Answers that come later, from other threads or not at all, and the end of the server.
  @Suite struct DeferredAnswerTests {
    private static let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Keeps the completions that a handler was given.
    private final class Shelf: Sendable {
      private let kept = Mutex<[HTTPCompletion]>([])

      var count: Int { kept.withLock { $0.count } }

      func keep(_ completion: HTTPCompletion) {
        kept.withLock { $0.append(completion) }
      }

      func take() -> HTTPCompletion? {
        kept.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      }
    }

    /// `/now` is answered at once, everything else from the shelf.
    private func server(
      _ shelf: Shelf,
      limits: ListenerLimits = ListenerLimits()
    ) throws -> TestServer {
      try TestServer(limits: limits) { request in
        request.path == "/now"
          ? .response(.text(200, "now")) : .deferred { shelf.keep($0) }
      }
    }

    @Test func answerFromAnotherThread() async throws {
      let shelf = Shelf()
      let server = try server(shelf)
      let client = try server.connect()
      for index in 0..<20 {
        client.send(DeferredAnswerTests.get)
        try eventually { shelf.count == 1 }
        let completion = try #require(shelf.take())
        await Task.detached {
          completion.send(.text(200, "answer \(index)"))
          completion.send(.text(500, "too late"))
          completion.abort()
        }.value
        #expect(try client.receiveAnswer().text == "answer \(index)\n")
      }
      await server.stop()
    }

    @Test func answerFromInsideTheClosure() async throws {
      let server = try TestServer { _ in .deferred { $0.send(.text(200, "at once")) } }
      let client = try server.connect()
      client.send(DeferredAnswerTests.get + DeferredAnswerTests.get)
      #expect(try client.receiveAnswer().text == "at once\n")
      #expect(try client.receiveAnswer().text == "at once\n")
      await server.stop()
    }

    /// The second request waits for the first one's answer, however quick its own would be.
    @Test func pipelinedAnswersKeepTheirOrder() async throws {
      let shelf = Shelf()
      let server = try server(shelf)
      let client = try server.connect()
      client.send(DeferredAnswerTests.get + "GET /now HTTP/1.1\r\nHost: x\r\n\r\n")
      try eventually { shelf.count == 1 }
      try #require(shelf.take()).send(.text(200, "first"))
      #expect(try client.receiveAnswer().text == "first\n")
      #expect(try client.receiveAnswer().text == "now\n")
      await server.stop()
    }

    @Test func abortResetsTheConnection() async throws {
      let shelf = Shelf()
      let server = try server(shelf)
      let client = try server.connect()
      client.send(DeferredAnswerTests.get)
      try eventually { shelf.count == 1 }
      try #require(shelf.take()).abort()
      #expect(try client.receive() == nil)
      try eventually { server.listener.connectionCount == 0 }
      await server.stop()
    }

    @Test func lostCompletionAnswers500() async throws {
      let server = try TestServer { _ in .deferred { _ in } }
      let client = try server.connect()
      client.send(DeferredAnswerTests.get)
      #expect(try client.receiveAnswer().status == 500)
      await server.stop()
    }

    @Test func answerAfterThePeerHasLeft() async throws {
      let shelf = Shelf()
      let server = try server(shelf)
      for isReset in [false, true] {
        do {
          let client = try server.connect()
          client.send(DeferredAnswerTests.get)
          try eventually { shelf.count == 1 }
          if isReset { client.resetOnClose() }
        }
        if isReset { try eventually { server.listener.connectionCount == 0 } }
        try #require(shelf.take()).send(.text(200, "nobody"))
        try eventually { server.listener.connectionCount == 0 }
      }
      let client = try server.connect()
      client.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try client.receiveAnswer().text == "now\n")
      await server.stop()
    }

    @Test func tooManyPendingAnswersGet503() async throws {
      let shelf = Shelf()
      var limits = ListenerLimits()
      limits.maxPendingAnswers = 2
      let server = try server(shelf, limits: limits)
      let clients = [try server.connect(), try server.connect(), try server.connect()]
      for index in 0..<2 {
        clients[index].send(DeferredAnswerTests.get)
        try eventually { shelf.count == index + 1 }
      }
      clients[2].send(DeferredAnswerTests.get)
      #expect(try clients[2].receiveAnswer().status == 503)
      clients[2].send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try clients[2].receiveAnswer().text == "now\n")
      while let completion = shelf.take() { completion.send(.text(200, "late")) }
      #expect(try clients[0].receiveAnswer().text == "late\n")
      clients[2].send(DeferredAnswerTests.get)
      try eventually { shelf.count == 1 }
      try #require(shelf.take()).send(.text(200, "room again"))
      #expect(try clients[2].receiveAnswer().text == "room again\n")
      await server.stop()
    }

    @Test func shutdownLetsTheAnswerInFlightFinish() async throws {
      let shelf = Shelf()
      let server = try server(shelf)
      let client = try server.connect()
      let idle = try server.connect()
      idle.send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try idle.receiveAnswer().status == 200)
      client.send(DeferredAnswerTests.get)
      try eventually { shelf.count == 1 }
      let listener = server.listener
      let end = Task { await listener.shutdown(deadline: .seconds(20)) }
      #expect(try idle.isAtEnd())
      // Nobody listens any more, unless the port is another test's server by now.
      let late = try? server.connect()
      late?.send(DeferredAnswerTests.get)
      try #require(shelf.take()).send(.text(200, "in time"))
      let answer = try client.receiveAnswer()
      #expect(answer.text == "in time\n")
      #expect(answer.field("connection") == "close")
      #expect(try client.isAtEnd())
      await end.value
      #expect(shelf.count == 0)
      #expect(listener.connectionCount == 0)
    }

    @Test func shutdownCutsWhatIsLeftAtTheDeadline() async throws {
      let shelf = Shelf()
      let server = try server(shelf)
      let client = try server.connect()
      client.send(DeferredAnswerTests.get)
      try eventually { shelf.count == 1 }
      let start = ContinuousClock.now
      await server.listener.shutdown(deadline: .milliseconds(200))
      #expect(start.duration(to: .now) >= .milliseconds(200))
      #expect(start.duration(to: .now) < .seconds(15))
      #expect(try client.receive() == nil)
      // The loop is gone: nothing happens, and nothing breaks.
      try #require(shelf.take()).send(.text(200, "nobody"))
      await server.stop()
    }

    @Test func shutdownWithoutStart() async throws {
      let server = try TestServer(starts: false)
      await server.stop()
      #expect(throws: RawClient.Failure.self) { try server.connect() }
    }

    @Test func twoShutdownsAtOnce() async throws {
      let server = try TestServer()
      let listener = server.listener
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { await listener.shutdown(deadline: .seconds(1)) } }
      }
      #expect(listener.connectionCount == 0)
    }

    /// Letting go of a listener closes its port.
    @Test func droppedListenerStopsListening() async throws {
      var port: UInt16 = 0
      do {
        let server = try TestServer()
        port = server.port
      }
      try eventually { (try? RawClient(port: port)) == nil }
    }
  }
}

import HTTPListener
import Synchronization
import Testing

extension SocketTests {
  /// Clients that are too slow, too many or too greedy.
  @Suite struct LimitTests {
    private static let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    private func limits(_ change: (inout ListenerLimits) -> Void) -> ListenerLimits {
      var limits = ListenerLimits()
      change(&limits)
      return limits
    }

    @Test func slowHeadIsCutAtItsDeadline() async throws {
      let server = try TestServer(limits: limits { $0.headDeadline = .milliseconds(200) })
      let start = ContinuousClock.now
      let client = try server.connect()
      client.send("GET / HTTP/1.1\r\n")
      #expect(try client.receiveAnswer().status == 408)
      #expect(try client.isAtEnd())
      #expect(start.duration(to: .now) >= .milliseconds(200))
      #expect(start.duration(to: .now) < .seconds(8))
      await server.stop()
    }

    /// One byte now and then does not move the deadline.
    @Test func trickledHeadIsCutAtTheSameDeadline() async throws {
      let server = try TestServer(limits: limits { $0.headDeadline = .milliseconds(300) })
      let client = try server.connect()
      let start = ContinuousClock.now
      var isOpen = true
      while isOpen, start.duration(to: .now) < .seconds(9) {
        isOpen = client.send("G")
        pause(milliseconds: 20)
      }
      #expect(!isOpen || server.refusals.statuses == [408])
      #expect(start.duration(to: .now) < .seconds(8))
      await server.stop()
    }

    @Test func silentConnectionIsClosedWithoutAnswer() async throws {
      let server = try TestServer(limits: limits { $0.headDeadline = .milliseconds(100) })
      let client = try server.connect()
      #expect(try client.receiveAll().isEmpty)
      #expect(server.refusals.statuses.isEmpty)
      await server.stop()
    }

    @Test func idleConnectionIsClosedAfterItsTimeout() async throws {
      let server = try TestServer(
        limits: limits {
          $0.idleTimeout = .milliseconds(200)
          $0.headDeadline = .seconds(60)
        }
      )
      let client = try server.connect()
      let start = ContinuousClock.now
      client.send(LimitTests.get)
      #expect(try client.receiveAnswer().status == 200)
      #expect(try client.isAtEnd())
      #expect(start.duration(to: .now) >= .milliseconds(200))
      await server.stop()
    }

    /// The second head has its own deadline, earlier than the idle timeout that was armed before.
    @Test func secondHeadHasItsDeadline() async throws {
      let server = try TestServer(limits: limits { $0.headDeadline = .milliseconds(200) })
      let client = try server.connect()
      client.send(LimitTests.get + "GET / HT")
      #expect(try client.receiveAnswer().status == 200)
      #expect(try client.receiveAnswer().status == 408)
      await server.stop()
    }

    @Test func slowBodyIsCutAtItsDeadline() async throws {
      let server = try TestServer(limits: limits { $0.bodyDeadline = .milliseconds(150) })
      let client = try server.connect()
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
      #expect(try client.receiveAnswer().status == 408)
      #expect(try client.isAtEnd())
      await server.stop()
    }

    @Test func readerThatTakesNothingIsCut() async throws {
      let segment = [UInt8](repeating: 0x61, count: 1 << 20)
      let server = try TestServer(limits: limits { $0.writeStallTimeout = .milliseconds(300) }) {
        _ in
        .response(HTTPResponse(status: 200, body: Array(repeating: segment, count: 64)))
      }
      let client = try server.connect(receiveBuffer: 8192)
      client.send(LimitTests.get)
      try eventually { server.listener.connectionCount == 1 }
      try eventually { server.listener.connectionCount == 0 }
      await server.stop()
    }

    /// A reader that is slow but goes on taking bytes keeps its connection past the timeout.
    @Test func slowReaderThatMovesIsServedWhole() async throws {
      let segment = [UInt8](repeating: 0x61, count: 1 << 20)
      let server = try TestServer(limits: limits { $0.writeStallTimeout = .seconds(1) }) {
        _ in
        .response(HTTPResponse(status: 200, body: Array(repeating: segment, count: 8)))
      }
      let client = try server.connect(receiveBuffer: 65_536)
      client.send(LimitTests.get)
      var count = 0
      let start = ContinuousClock.now
      // Slow enough for the kernel's buffer not to ask for more within the timeout.
      while start.duration(to: .now) < .milliseconds(2500) {
        count += try client.receive(8192)?.count ?? 0
        pause(milliseconds: 40)
      }
      while count < 8 << 20, let bytes = try client.receive(), !bytes.isEmpty {
        count += bytes.count
      }
      #expect(count > 8 << 20)
      #expect(start.duration(to: .now) > .milliseconds(2500))
      await server.stop()
    }

    /// A few bytes now and then do not keep a connection for as long as the answer is large.
    @Test func readerBelowTheLeastRateIsCut() async throws {
      let segment = [UInt8](repeating: 0x61, count: 1 << 20)
      let server = try TestServer(
        limits: limits {
          $0.writeStallTimeout = .milliseconds(300)
          // The 64 MiB may take one second more.
          $0.minWriteRate = 64 << 20
        }
      ) { _ in
        .response(HTTPResponse(status: 200, body: Array(repeating: segment, count: 64)))
      }
      let client = try server.connect(receiveBuffer: 65_536)
      let start = ContinuousClock.now
      client.send(LimitTests.get)
      try eventually { server.listener.connectionCount == 1 }
      var count = 0
      while server.listener.connectionCount == 1, start.duration(to: .now) < .seconds(9) {
        // The kernel asks for more well within the stall timeout.
        count += try client.receive(65_536)?.count ?? 0
        pause(milliseconds: 20)
      }
      #expect(start.duration(to: .now) >= .milliseconds(1200))
      #expect(start.duration(to: .now) < .seconds(8))
      #expect(count < 64 << 20)
      await server.stop()
    }

    @Test func connectionsOverTheLimitGet503AndOthersGoOn() async throws {
      let server = try TestServer(limits: limits { $0.maxConnections = 3 })
      var clients = [try server.connect(), try server.connect(), try server.connect()]
      for client in clients {
        client.send(LimitTests.get)
        #expect(try client.receiveAnswer().status == 200)
      }
      let extra = try server.connect()
      extra.send(LimitTests.get)
      let answer = try extra.receiveAnswer()
      #expect(answer.status == 503)
      #expect(answer.field("connection") == "close")
      #expect(try extra.isAtEnd())
      #expect(server.listener.connectionCount == 3)
      clients[0].send(LimitTests.get)
      #expect(try clients[0].receiveAnswer().status == 200)
      clients.removeLast()
      try eventually { server.listener.connectionCount == 2 }
      let late = try server.connect()
      late.send(LimitTests.get)
      #expect(try late.receiveAnswer().status == 200)
      #expect(server.refusals.statuses == [503])
      #expect(server.log.lines.count { $0.contains("too many HTTP connections") } == 1)
      await server.stop()
    }

    @Test func hundredsOfConnectionsAtOnce() async throws {
      let server = try TestServer()
      let clients = try (0..<300).map { _ in try server.connect() }
      for _ in 0..<3 {
        for client in clients { client.send(LimitTests.get) }
        for client in clients { #expect(try client.receiveAnswer().status == 200) }
      }
      #expect(server.listener.connectionCount == 300)
      await server.listener.shutdown(deadline: .seconds(2))
      for client in clients { #expect(try client.isAtEnd()) }
    }

    private final class Flag: Sendable {
      private let value = Atomic(false)
      var isSet: Bool { value.load(ordering: .relaxed) }
      func set() { value.store(true, ordering: .relaxed) }
    }

    /// A client that always has a thousand requests waiting does not keep others waiting.
    @Test func floodDoesNotStarveOthers() async throws {
      let server = try TestServer()
      let flood = try server.connect()
      let over = Flag()
      let batch = Array(String(repeating: LimitTests.get, count: 1000).utf8)
      flood.send(LimitTests.get)
      let size = try flood.receive(4096)?.count ?? 0
      let flooding = Task.detached {
        var batches = 0
        flood.send(batch)
        // At least one batch, however late this task gets its turn.
        repeat {
          flood.send(batch)
          var rest = size * 1000
          while rest > 0, let bytes = try flood.receive(min(65_536, rest)) { rest -= bytes.count }
          batches += 1
        } while !over.isSet
        return batches
      }
      defer { over.set() }
      let client = try server.connect()
      for _ in 0..<200 {
        let start = ContinuousClock.now
        client.send(LimitTests.get)
        #expect(try client.receiveAnswer().status == 200)
        #expect(start.duration(to: .now) < .seconds(2))
      }
      over.set()
      #expect(try await flooding.value > 0)
      await server.stop()
    }

    @Test func largeBodyArrivesWhole() async throws {
      // A length that shares no factor with any buffer shows every byte that goes astray.
      let segment = (0..<1_048_573).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
      let count = 64
      let server = try TestServer { _ in
        .response(HTTPResponse(status: 200, body: Array(repeating: segment, count: count)))
      }
      let client = try server.connect()
      for _ in 0..<2 {
        client.send(LimitTests.get)
        let body = try client.receiveAnswer().body
        #expect(body.count == segment.count * count)
        for index in 0..<count where body.count == segment.count * count {
          let start = index * segment.count
          #expect(Array(body[start..<(start + segment.count)]) == segment)
        }
      }
      client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
      let head = try client.receiveAnswer(toHead: true)
      #expect(head.field("content-length") == String(segment.count * count))
      client.send(LimitTests.get)
      #expect(try client.receiveAnswer().status == 200)
      await server.stop()
    }

    /// More pieces than one write takes, empty ones among them.
    @Test func manySmallSegmentsArriveInOrder() async throws {
      let segments = (0..<1000).map { $0 % 3 == 0 ? [] : Array("\($0),".utf8) }
      let server = try TestServer { _ in .response(HTTPResponse(status: 200, body: segments)) }
      let client = try server.connect()
      client.send(LimitTests.get)
      #expect(try client.receiveAnswer().body == segments.flatMap { $0 })
      await server.stop()
    }
  }
}

import HTTPTransport
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)), .serialized)
struct CancellationTests {
  @Test func closesConnectionAtOnce() async throws {
    let (requests, seen) = AsyncStream.makeStream(of: String.self)
    let (ends, ended) = AsyncStream.makeStream(of: Bool.self)
    let server = try ScriptedServer { connection in
      seen.yield(connection.readRequest())
      ended.yield(connection.waitForClose())
    }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let request = get(server.url, timeout: .seconds(50))
    let task = Task { try await failure(of: request, with: client) }
    #expect(await requests.first { _ in true }?.hasPrefix("GET / ") == true)
    let start = ContinuousClock.now
    task.cancel()
    let error = try await task.value
    #expect(error.code == .cancelled)
    #expect(error.message == "the request to 127.0.0.1:\(server.port) was cancelled")
    #expect(await ends.first { _ in true } == true)
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test func cancelledTaskSendsNothing() async throws {
    let server = try ScriptedServer { connection in _ = connection.waitForClose() }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let request = get(server.url)
    let task = Task {
      unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() }
      return try await failure(of: request, with: client)
    }
    #expect(try await task.value.code == .cancelled)
    client.shutdown()
    #expect(server.accepted == 0)
  }

  @Test func shutdownEndsTransfers() async throws {
    let (requests, seen) = AsyncStream.makeStream(of: String.self)
    let server = try ScriptedServer { connection in
      seen.yield(connection.readRequest())
      _ = connection.waitForClose()
    }
    defer { server.stop() }
    let client = try makeClient()
    let request = get(server.url, timeout: .seconds(50))
    let tasks = (0..<8).map { _ in Task { try await failure(of: request, with: client) } }
    var count = 0
    for await _ in requests {
      count += 1
      if count == tasks.count { break }
    }
    client.shutdown()
    for task in tasks {
      let error = try await task.value
      #expect(error.code == .cancelled)
      #expect(error.message.contains("shut down"), "\(error.message)")
    }
  }

  /// What is under way keeps the client; its end stops the thread and closes the connections.
  @Test func clientEndsWithItsLastReference() async throws {
    let (ends, ended) = AsyncStream.makeStream(of: Bool.self)
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      ended.yield(connection.waitForClose())
    }
    defer { server.stop() }
    let status = try await makeClient().send(get(server.url)).status
    #expect(status == 200)
    #expect(await ends.first { _ in true } == true)
  }

  /// Every one of many transfers ends exactly once, whenever it is cancelled: a continuation that
  /// is resumed twice traps, one that never is hangs until the time limit.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func survivesStorm(_ seed: UInt64) async throws {
    let count = 200
    let server = try ScriptedServer { connection in
      while true {
        let request = connection.readRequest()
        if request.isEmpty { return }
        // A third never gets an answer.
        if request.contains("GET /hold") {
          _ = connection.waitForClose()
          return
        }
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
      }
    }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    var random = SplitMix64(seed: seed)
    let tasks = (0..<count).map { index in
      let isHeld = index.isMultiple(of: 3)
      let request = get(server.url + (isHeld ? "/hold" : "/answer"), timeout: .seconds(50))
      return Task { () -> String in
        do throws(TransportError) {
          let answer = try await client.send(request)
          return answer.body == Array("hello".utf8) ? "answered" : "garbled"
        } catch {
          return error.code.rawValue
        }
      }
    }
    for index in (0..<count).shuffled(using: &random) {
      if index.isMultiple(of: 3) || Bool.random(using: &random) { tasks[index].cancel() }
      for _ in 0..<Int.random(in: 0..<20, using: &random) { await Task.yield() }
    }
    var outcomes: [String: Int] = [:]
    for (index, task) in tasks.enumerated() {
      let outcome = await task.value
      outcomes[outcome, default: 0] += 1
      if index.isMultiple(of: 3) { #expect(outcome == "cancelled") }
    }
    #expect(Set(outcomes.keys).isSubset(of: ["answered", "cancelled"]), "\(outcomes)")
    #expect(outcomes.values.reduce(0, +) == count)
    // The client is whole afterwards.
    #expect(try await client.send(get(server.url + "/answer")).status == 200)
  }

  /// More at once than connections are allowed: the rest waits its turn.
  @Test func answersMoreThanItsConnections() async throws {
    let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let request = get(server.url, timeout: .seconds(50))
    let tasks = (0..<600).map { _ in Task { try await client.send(request).status } }
    for task in tasks { #expect(try await task.value == 200) }
    #expect(server.requests.count == 600)
  }
}

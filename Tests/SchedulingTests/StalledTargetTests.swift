import CollectorKit
import HTTPTransport
import Synchronization
import TestSupport
import Testing

@testable import Scheduling

/// Which poll loops have not gone on as they said: what the watchdog asks.
@Suite struct StalledTargetTests {
  /// A client whose requests never end, but for their task.
  private final class HangingClient: HTTPClient {
    let count = Atomic(0)

    /// Wakes whoever is due until there was a request.
    func waitForRequest(_ time: SimulatedTime) async {
      while count.load(ordering: .acquiring) == 0 {
        time.advance(by: 0)
        await Task.yield()
      }
    }

    func send(_ request: HTTPClientRequest) async throws(TransportError) -> HTTPClientResponse {
      count.add(1, ordering: .releasing)
      let (stream, end) = AsyncStream.makeStream(of: Void.self)
      for await _ in stream {}
      end.finish()
      throw TransportError(code: .cancelled, message: "cancelled")
    }
  }

  /// A slot is waited for 120 s at most, a request takes 10 s at most, the margin is 60 s.
  @Test func aRequestThatNeverEnds() async {
    let time = SimulatedTime(unixTime: 0, participants: 0)
    let bench = Bench(time: time)
    let client = HangingClient()
    let scheduler = bench.scheduler([bench.target("a")], client)
    #expect(scheduler.stalledTargets.isEmpty)
    let running = Task { await scheduler.run() }
    await client.waitForRequest(time)
    #expect(scheduler.stalledTargets.isEmpty)
    time.advance(by: 189)
    #expect(scheduler.stalledTargets.isEmpty)
    time.advance(by: 2)
    #expect(scheduler.stalledTargets == ["a"])
    running.cancel()
    await running.value
  }

  /// Nobody wakes the second target's loop, whose first poll is due after half an interval.
  @Test func aLoopThatIsNotRun() async throws {
    let time = SimulatedTime(unixTime: 0, participants: 3, duration: 100_000)
    let bench = Bench(time: time)
    let client = ScriptedHTTPClient { _, _ throws(TransportError) in
      HTTPClientResponse(status: 200, body: Array("1".utf8))
    }
    let scheduler = bench.scheduler([bench.target("a"), bench.target("b")], client)
    async let running: Void = scheduler.run()
    // Three hours of polls, none of them stalled at any time …
    for _ in 0..<200 {
      try await time.sleep(seconds: 61)
      #expect(scheduler.stalledTargets.isEmpty)
    }
    time.end(after: 0)
    try? await time.sleep(seconds: 1)
    await running
    // … and then nothing runs the loops any more.
    time.advance(by: 300)
    #expect(scheduler.stalledTargets == ["a", "b"])
  }

  /// An agent without targets goes on, and polls those that a change brings until it is cancelled.
  @Test func targetsComeToAnAgentThatHadNone() async {
    let time = SimulatedTime(unixTime: 0, participants: 0)
    let bench = Bench(time: time)
    let client = HangingClient()
    let scheduler = bench.scheduler([], client)
    let running = Task { await scheduler.run() }
    while !scheduler.isRunning { await Task.yield() }
    scheduler.apply([bench.target("a")])
    await client.waitForRequest(time)
    running.cancel()
    // Returns only because the new loop is cancelled as well.
    await running.value
    #expect(scheduler.statuses.map(\.settings.name) == ["a"])
  }
}

import CollectorKit
import Exposition
import HTTPTransport
import Scheduling
import Synchronization
import TestSupport
import Testing

/// What a change of the targets does while their loops run.
@Suite struct ReloadTests {
  /// Runs two targets, a and b, for ten minutes with a change after 130 s, and gives the times of
  /// each target's requests since the start.
  private func run(
    _ change: @escaping @Sendable (Bench) -> [ScheduledTarget]
  ) async -> (times: [String: [Double]], scheduler: Scheduler, bench: Bench) {
    // Two loops and the task that makes the change: always three participants.
    let time = SimulatedTime(unixTime: 1_768_000_000, participants: 3, duration: 600)
    let bench = Bench(time: time)
    let times = Mutex<[String: [Double]]>([:])
    let client = ScriptedHTTPClient { request, _ throws(TransportError) in
      times.withLock {
        $0[String(request.url.dropFirst(7).prefix(1)), default: []]
          .append(time.uptime - 1000)
      }
      return HTTPClientResponse(status: 200, body: Array("1".utf8))
    }
    let scheduler = bench.scheduler(
      [bench.target("a", fingerprint: "1"), bench.target("b", fingerprint: "1")],
      client
    )
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await scheduler.run() }
      group.addTask {
        try? await time.sleep(seconds: 130)
        scheduler.apply(change(bench))
        try? await time.sleep(seconds: 10_000)
      }
    }
    return (times.withLock { $0 }, scheduler, bench)
  }

  private static let undisturbed = stride(from: 0.0, through: 600, by: 60).map { $0 }

  @Test func anUnchangedTargetGoesOnUndisturbed() async {
    let (times, scheduler, _) = await run { bench in
      [bench.target("b", fingerprint: "1"), bench.target("a", fingerprint: "1")]
    }
    #expect(times["a"] == ReloadTests.undisturbed)
    #expect(times["b"] == stride(from: 30.0, through: 600, by: 60).map { $0 })
    #expect(scheduler.statuses.map(\.settings.name) == ["b", "a"])
  }

  @Test func aRemovedTargetIsNoLongerPolledOrServedAndANewOneIs() async {
    let (times, scheduler, bench) = await run { bench in
      [bench.target("a", fingerprint: "1"), bench.target("c", fingerprint: "1")]
    }
    #expect(times["a"] == ReloadTests.undisturbed)
    #expect(times["b"] == [30, 90])
    #expect(times["c"] == stride(from: 130.0, through: 600, by: 60).map { $0 })
    #expect(scheduler.statuses.map(\.settings.name) == ["a", "c"])
    let served = bench.store.read(at: bench.time.uptime).groups.flatMap { $0 }
      .flatMap(\.samples).compactMap { $0.labels["target"] }
    #expect(Set(served) == ["a", "c"])
  }

  @Test func aChangedTargetIsPolledAnewAndKeepsItsCounts() async {
    let (times, scheduler, _) = await run { bench in
      [
        bench.target("a", fingerprint: "1"),
        bench.target("b", interval: 120, fingerprint: "2"),
      ]
    }
    #expect(times["a"] == ReloadTests.undisturbed)
    #expect(times["b"] == [30, 90, 130, 250, 370, 490])
    #expect(scheduler.statuses[1].values.polls == 6)
  }

  @Test func aBudgetKeepsWhatWasSentUnderItsOldLimits() async {
    let time = SimulatedTime(unixTime: 0, participants: 0)
    let registry = BudgetRegistry(time: time)
    func budget(_ requests: Int, _ window: Double) -> RequestBudget {
      registry.budget(
        credential: "key",
        vendor: "experia",
        target: "a",
        limits: [RateLimit(requests: requests, window: window)]
      )
    }
    let bench = Bench(time: time)
    let old = budget(10, 3600)
    let target = ScheduledTarget(
      settings: bench.target("a").settings,
      collector: StubCollector(requests: 4),
      budget: old
    )
    let client = ScriptedHTTPClient { _, _ throws(TransportError) in
      HTTPClientResponse(status: 200, body: Array("1".utf8))
    }
    _ = await bench.scheduler([target], client).pollOnce()
    #expect(old.status.map(\.remaining) == [6])
    #expect(budget(5, 3600) === old)
    #expect(old.status.map(\.remaining) == [1])
    #expect(budget(20, 60).status.map(\.remaining) == [16])
  }
}

import CollectorKit
import Exposition
import HTTPTransport
import Scheduling
import TestSupport
import Testing

/// Errors that are not the vendor's.
@Suite struct PollErrorTests {
  private struct Surprise: Error {
    let secret = "s3cr3t"
  }

  /// A collector with a defect.
  private struct BrokenCollector: Collector {
    let plan = RequestPlan([])
    let configuredFamilies: [MetricFamily] = []

    func collect(in context: CollectionContext) async throws -> PollOutcome {
      throw Surprise()
    }
  }

  /// The loop goes on, backs off and says what happened.
  @Test func anUnexpectedErrorIsAFailedPoll() async {
    let time = SimulatedTime(unixTime: 0, participants: 1, duration: 300)
    let bench = Bench(time: time)
    let target = ScheduledTarget(
      settings: TargetSettings(name: "a", vendor: "experia", url: "http://a.test"),
      collector: BrokenCollector(),
      budget: bench.budgets.budget(credential: "a", vendor: "experia", target: "a", limits: [])
    )
    let client = ScriptedHTTPClient { _, _ throws(TransportError) in
      HTTPClientResponse(status: 200)
    }
    let scheduler = bench.scheduler([target], client)
    await scheduler.run()
    let values = scheduler.statuses.first?.values
    // At 0, 66 and 198 s: the backoff of PollLoopTests.
    #expect(values?.polls == 3)
    #expect(values?.failures[.decode] == 3)
    #expect(bench.log.lines.contains { $0.contains("not expected: Surprise") })
    #expect(!bench.log.lines.contains { $0.contains("s3cr3t") })
  }

  /// Without limits it is the vendor alone that says wait.
  @Test func aVendorsWaitHoldsForAllTargetsOfTheCredential() async {
    let time = SimulatedTime(unixTime: 0, participants: 2, duration: 100)
    let bench = Bench(time: time)
    let client = ScriptedHTTPClient { _, _ throws(TransportError) in
      HTTPClientResponse(status: 429, fields: [HTTPField("Retry-After", "3000")])
    }
    let targets = ["a", "b"].map { bench.target($0, credential: "shared") }
    let scheduler = bench.scheduler(targets, client)
    await scheduler.run()
    #expect(client.requests.count == 1)
    #expect(scheduler.statuses.map { $0.values.failures[.budget] ?? 0 } == [0, 1])
    let told = bench.log.lines.filter { $0.contains("reason=budget") }
    // The second target starts half an interval later.
    #expect(told.count == 1)
    #expect(told.first?.contains("the vendor asked to wait for another 2970 s") == true)
  }
}

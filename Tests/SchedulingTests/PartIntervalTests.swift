import CollectorKit
import Exposition
import HTTPTransport
import Ledger
import TestSupport
import Testing

@testable import Scheduling

/// Parts that are polled less often than their target.
@Suite struct PartIntervalTests {
  /// A summary with every poll, and a card with an interval of its own.
  private struct CardCollector: Collector {
    let schedule = PartSchedule(pollInterval: 60)
    let totals = HistogramTotals(name: "experia_x_seconds", help: "X.", bounds: [1])
    var plan: RequestPlan {
      RequestPlan([
        RequestPlan.Entry("summary", requests: 1),
        RequestPlan.Entry("cards", requests: 1, every: 900),
      ])
    }
    var configuredFamilies: [MetricFamily] { [] }
    var histograms: [HistogramTotals] { [totals] }
    var keyFigures: [KeyFigure] {
      [
        KeyFigure("Summary", family: "experia_summary"), KeyFigure("Card", family: "experia_card"),
      ]
    }

    func collect(in context: CollectionContext) async throws -> PollOutcome {
      var outcome = PollOutcome()
      try await outcome.part("summary") { try await ask("summary", context) }
      try await outcome.part("card", every: 900, of: schedule, context.time) {
        var values = try await ask("card", context)
        values.rowsSkipped = 3
        values.seriesFolded = 2
        values.observations = totals.observations(
          counts: [1, Int(context.time.uptime)],
          sum: context.time.uptime,
          labels: ["view": "all"],
          bucket: Bucket(start: 0, end: 86_400)
        )
        return values
      }
      return outcome
    }

    private func ask(
      _ name: String,
      _ context: CollectionContext
    ) async throws -> PollOutcome.Values {
      let response = try await context.client.send("GET", "/\(name)", fields: [], endpoint: name)
      return PollOutcome.Values(
        families: [
          MetricFamily(
            name: "experia_\(name)",
            type: .gauge,
            help: "X.",
            samples: [Sample(labels: [:], value: Double(response.body.count))]
          )
        ]
      )
    }
  }

  private let bench = Bench(time: SimulatedTime(unixTime: 0, participants: 1, duration: 2990))

  /// Runs for 50 minutes; the card answers while `answers` says so.
  private func run(
    answers: @escaping @Sendable (Int) -> Bool = { _ in true }
  ) async -> (scheduler: Scheduler, requests: [String]) {
    var settings = TargetSettings(name: "a", vendor: "experia", url: "http://a.test")
    settings.staleAfter = 300
    let target = ScheduledTarget(
      settings: settings,
      collector: CardCollector(),
      budget: bench.budgets.budget(credential: "a", vendor: "experia", target: "a", limits: [])
    )
    let client = ScriptedHTTPClient { request, index throws(TransportError) in
      guard request.url.hasSuffix("summary") || answers(index) else {
        return HTTPClientResponse(status: 500)
      }
      return HTTPClientResponse(status: 200, body: [1, 2])
    }
    let scheduler = bench.scheduler([target], client)
    await scheduler.run()
    return (scheduler, client.requests.map { String($0.url.dropFirst("http://a.test/".count)) })
  }

  private func names(at uptime: Double) -> Set<String> {
    Set(bench.store.read(at: uptime).groups.flatMap { $0 }.map(\.name))
  }

  @Test func itIsServedUntilThreeOfItsIntervals() async {
    let (scheduler, requests) = await run()
    #expect(requests.count { $0 == "summary" } == 50)
    #expect(requests.count { $0 == "card" } == 4)
    #expect(scheduler.statuses[0].isUp)
    // The last poll of the card is at 2700 s, that of the summary at 2940 s; the clock began at 1000.
    let all: Set = ["experia_summary", "experia_card", "experia_x_seconds"]
    #expect(names(at: 4000) == all)
    #expect(names(at: 3940 + 301) == all.subtracting(["experia_summary"]))
    #expect(names(at: 3700 + 2700) == all.subtracting(["experia_summary"]))
    #expect(names(at: 3700 + 2701) == ["experia_x_seconds"])
  }

  /// The status page shows what `/metrics` serves, at every moment and until the same one.
  @Test func everyReaderGoesByTheSameRule() async throws {
    let (scheduler, _) = await run()
    let step = bench.store.history.read("a", at: 4000).step
    for uptime in stride(from: 3990.0, through: 7000, by: 10) {
      let read = bench.store.read(at: uptime)
      let polled = bench.store.polled("a", at: uptime)
      // What is served besides is the counters' histogram.
      #expect(
        Set(polled.families.map(\.name)) == names(at: uptime).subtracting(["experia_x_seconds"])
      )
      #expect(polled.validUntil == read.validUntil)
      #expect((polled.validUntil == .infinity) == polled.families.isEmpty)
      #expect(bench.store.isStale("a", at: uptime) == (polled.families.count < 2))
      #expect(bench.store.seriesCount(of: "a", at: uptime) == 1 + polled.families.count)
    }
    #expect(scheduler.statuses[0].isUp)
    // Points as far apart as the part's interval were served in between: the drawing joins them.
    let lines = bench.store.history.read("a", at: 4000).lines
    #expect(lines.map(\.family).sorted() == ["experia_card", "experia_summary"])
    for line in lines {
      #expect(line.staleAfter == (line.family == "experia_card" ? 2700 : 300))
      let gaps = zip(line.points, line.points.dropFirst()).map { $1.uptime - $0.uptime }
      #expect(gaps.allSatisfy { $0 <= line.staleAfter + step })
    }
  }

  /// Up is by the parts' own age, not by the target's: a target of rare parts alone is not stale.
  @Test func aTargetIsUpUntilAPartIsStale() async throws {
    let store = SnapshotStore()
    var settings = TargetSettings(name: "a", vendor: "experia", url: "http://a.test")
    settings.staleAfter = 300
    store.add(settings, configured: [])
    store.keep(only: ["a"])
    #expect(!store.isStale("a", at: 1000))
    var outcome = PollOutcome()
    try await outcome.part("card") {
      var values = PollOutcome.Values()
      values.interval = 900
      return values
    }
    store.update("a", with: outcome, counters: [], at: 1000)
    #expect(!store.isStale("a", at: 3700))
    #expect(store.isStale("a", at: 3701))
    // It has no families: nothing that is served turns stale.
    #expect(store.polled("a", at: 1000).validUntil == .infinity)
  }

  @Test func whatARowMappingLeftOutIsCounted() async {
    let (scheduler, _) = await run()
    #expect(scheduler.statuses[0].values.rowsSkipped == 12)
    #expect(scheduler.statuses[0].values.seriesFolded == 8)
  }

  @Test func itsHistogramIsPutTogether() async throws {
    _ = await run()
    let family = try #require(
      bench.store.read(at: 4000).groups.flatMap { $0 }.first { $0.name == "experia_x_seconds" }
    )
    let series = try #require(family.histograms.first)
    #expect(series.labels == ["target": "a", "view": "all"])
    #expect(series.buckets.map(\.cumulativeCount) == [0, 2700])
    #expect(series.sum == 2700)
  }

  /// A failure counts once a request, and the target is down until the part succeeds.
  @Test func itFailsOnItsOwn() async {
    let (scheduler, requests) = await run { _ in false }
    let status = scheduler.statuses[0]
    #expect(requests.count { $0 == "summary" } == 50)
    // At 0, 1, 3, 7, 15, 30 and 45 minutes.
    #expect(requests.count { $0 == "card" } == 7)
    #expect(status.values.failures[.httpStatus] == 7)
    #expect(!status.isUp && status.values.lastError?.reason == .httpStatus)
    #expect(status.values.lastSuccess == nil)
    #expect(names(at: 4000) == ["experia_summary"])
  }
}

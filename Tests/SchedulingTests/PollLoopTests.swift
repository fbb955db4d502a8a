import CollectorKit
import Exposition
import HTTPTransport
import Ledger
import Scheduling
import Synchronization
import TestSupport
import Testing

/// Schedules, failures and staleness under a simulated clock.
@Suite struct PollLoopTests {
  /// Runs one target for a while against answers by the number of the request, and gives the
  /// times of the requests in seconds since the start.
  private func requestTimes(
    seconds: Double,
    interval: Double = 60,
    _ answer: @escaping @Sendable (Int) -> HTTPClientResponse
  ) async -> (times: [Double], status: TargetStatus?) {
    let time = SimulatedTime(unixTime: 1_768_000_000, participants: 1, duration: seconds)
    let bench = Bench(time: time)
    let times = Mutex<[Double]>([])
    let client = ScriptedHTTPClient { _, index throws(TransportError) in
      times.withLock { $0.append(time.uptime - 1000) }
      return answer(index)
    }
    let scheduler = bench.scheduler([bench.target("a", interval: interval)], client)
    await scheduler.run()
    return (times.withLock { $0 }, scheduler.statuses.first)
  }

  private static func good(_ index: Int) -> HTTPClientResponse {
    HTTPClientResponse(status: 200, body: Array("\(index)".utf8))
  }

  @Test func pollsAtTheInterval() async {
    let (times, status) = await requestTimes(seconds: 300, PollLoopTests.good)
    #expect(times == [0, 60, 120, 180, 240, 300])
    #expect(status?.isUp == true)
    #expect(status?.values.polls == 6)
    #expect(status?.values.backoffUntil == nil)
  }

  @Test func backsOffExponentiallyUpToTenIntervals() async {
    let (times, status) = await requestTimes(seconds: 4000) { _ in
      HTTPClientResponse(status: 500)
    }
    // 60 · 2^(n-1) with half of the 20 percent jitter, at most 600.
    let pauses = zip(times.dropFirst(), times).map { $0 - $1 }
    let expected: [Double] = [66, 132, 264, 528, 600, 600, 600, 600, 600]
    #expect(pauses.count == expected.count)
    for (pause, wanted) in zip(pauses, expected) { #expect(abs(pause - wanted) < 0.001) }
    #expect(status?.isUp == false)
    #expect(status?.values.failures[.httpStatus] == 10)
    #expect(status?.values.backoffUntil != nil)
  }

  @Test(arguments: [401, 403])
  func refusedCredentialsAreTriedOnceAnInterval(status: Int) async {
    let (times, state) = await requestTimes(seconds: 300) { _ in
      HTTPClientResponse(status: status)
    }
    #expect(times == [0, 60, 120, 180, 240, 300])
    #expect(state?.values.failures[.auth] == 6)
  }

  @Test func aLongRetryAfterIsHonoured() async {
    let (times, status) = await requestTimes(seconds: 1000) { index in
      index == 0
        ? HTTPClientResponse(status: 429, fields: [HTTPField("Retry-After", "700")])
        : PollLoopTests.good(index)
    }
    #expect(times == [0, 700, 760, 820, 880, 940, 1000])
    #expect(status?.values.failures[.rateLimited] == 1)
    #expect(status?.isUp == true)
  }

  @Test func aShortRetryAfterDoesNotShortenTheInterval() async {
    let (times, _) = await requestTimes(seconds: 130) { index in
      index == 0
        ? HTTPClientResponse(status: 429, fields: [HTTPField("Retry-After", "5")])
        : PollLoopTests.good(index)
    }
    #expect(times == [0, 60, 120])
  }

  @Test func a429WithoutAHintBacksOff() async {
    let (times, _) = await requestTimes(seconds: 300) { _ in HTTPClientResponse(status: 429) }
    #expect(times.count == 3)
    #expect(times[1] == 66)
  }

  @Test func recoversAtTheNextGoodAnswer() async {
    let (times, status) = await requestTimes(seconds: 200) { index in
      index < 2 ? HTTPClientResponse(status: 500) : PollLoopTests.good(index)
    }
    #expect(times == [0, 66, 198])
    #expect(status?.isUp == true)
    #expect(status?.values.lastError == nil)
  }

  @Test func firstPollsAreSpread() async {
    let time = SimulatedTime(unixTime: 0, participants: 4, duration: 59)
    let bench = Bench(time: time)
    let seen = Mutex<[String: Double]>([:])
    let client = ScriptedHTTPClient { request, _ throws(TransportError) in
      seen.withLock { $0[request.url] = time.uptime - 1000 }
      return PollLoopTests.good(1)
    }
    await bench.scheduler(["a", "b", "c", "d"].map { bench.target($0) }, client).run()
    #expect(
      seen.withLock { $0 } == [
        "http://a.test/0": 0, "http://b.test/0": 15, "http://c.test/0": 30, "http://d.test/0": 45,
      ]
    )
  }

  @Test func oneTargetsFailureLeavesTheOthersAlone() async {
    let time = SimulatedTime(unixTime: 0, participants: 2, duration: 600)
    let bench = Bench(time: time)
    let client = ScriptedHTTPClient { request, index throws(TransportError) in
      if request.url.hasPrefix("http://bad") {
        throw TransportError(code: .connection, message: "refused")
      }
      return PollLoopTests.good(index)
    }
    let scheduler = bench.scheduler([bench.target("bad"), bench.target("good")], client)
    await scheduler.run()
    let statuses = scheduler.statuses
    #expect(statuses.map(\.isUp) == [false, true])
    #expect(statuses[1].values.polls == 10)
    #expect(statuses[0].values.failures[.connection] ?? 0 >= 3)
    #expect(bench.log.lines.contains { $0.contains("target=bad") && $0.contains("GET /0") })
  }

  @Test func aSlowPollIsNeverJoinedByASecondOne() async {
    let time = SimulatedTime(unixTime: 0, participants: 1, duration: 1000)
    let bench = Bench(time: time)
    let flights = Mutex((now: 0, most: 0, count: 0))
    let client = SlowClient(
      time: time,
      latency: {
        flights.withLock { flights in
          flights.now += 1
          flights.count += 1
          flights.most = max(flights.most, flights.now)
        }
        return 75
      },
      arrived: { _ in
        flights.withLock { $0.now = 0 }
        return PollLoopTests.good(1)
      }
    )
    await bench.scheduler([bench.target("a")], client).run()
    // Each request takes 150 s: turns at 60 and 120 s are missed, not made up for.
    #expect(flights.withLock { $0.most } <= 2)
    #expect(flights.withLock { $0.count } / 2 <= 7)
  }

  @Test func partsFailOnTheirOwnAndKeepTheInterval() async {
    let time = SimulatedTime(unixTime: 0, participants: 1, duration: 120)
    let bench = Bench(time: time)
    let client = ScriptedHTTPClient { request, index throws(TransportError) in
      request.url.hasSuffix("/1") ? HTTPClientResponse(status: 500) : PollLoopTests.good(index)
    }
    let scheduler = bench.scheduler([bench.target("a", requests: 3)], client)
    await scheduler.run()
    #expect(client.requests.count == 9)
    #expect(scheduler.statuses[0].isUp == false)
    let families = bench.store.read(at: time.uptime).groups.flatMap { $0 }
    let views = families.filter { $0.name == "experia_period_sessions" }
      .flatMap(\.samples).compactMap { $0.labels["view"] }
    #expect(views == ["0", "2"])
  }

  @Test func samplesTurnStaleAndCountersStay() async {
    let time = SimulatedTime(unixTime: 0, participants: 1, duration: 700)
    let bench = Bench(time: time)
    let client = ScriptedHTTPClient { _, index throws(TransportError) in
      index == 0 ? PollLoopTests.good(7) : HTTPClientResponse(status: 500)
    }
    let scheduler = bench.scheduler([bench.target("a", staleAfter: 300)], client)
    await scheduler.run()
    func names(at uptime: Double) -> [String] {
      bench.store.read(at: uptime).groups.flatMap { $0 }.map(\.name)
    }
    let gauges = ["experia_sla_threshold_seconds", "experia_period_sessions"]
    #expect(names(at: 1300) == gauges + ["experia_sessions_total"])
    #expect(names(at: 1301) == [gauges[0], "experia_sessions_total"])
    #expect(bench.store.read(at: 1200).validUntil == 1300)
    #expect(scheduler.statuses[0].isUp == false)
  }

  @Test func everySeriesCarriesItsTargetAndStaticLabels() async {
    let time = SimulatedTime(unixTime: 0, participants: 1, duration: 1)
    let bench = Bench(time: time)
    let client = ScriptedHTTPClient { _, index throws(TransportError) in PollLoopTests.good(index) }
    var target = bench.target("a")
    var settings = target.settings
    settings.labels = ["brand": "acme"]
    target = ScheduledTarget(
      settings: settings,
      collector: target.collector,
      budget: target.budget
    )
    await bench.scheduler([target], client).run()
    let samples = bench.store.read(at: time.uptime).groups.flatMap { $0 }.flatMap(\.samples)
    #expect(
      samples.map(\.labels) == [
        ["target": "a", "brand": "acme"], ["target": "a", "view": "0", "brand": "acme"],
        ["target": "a", "view": "0", "brand": "acme"],
      ]
    )
  }

  @Test func aFullBudgetIsAFailureOfItsOwnKind() async {
    let time = SimulatedTime(unixTime: 0, participants: 1, duration: 4000)
    let bench = Bench(time: time)
    let client = ScriptedHTTPClient { _, index throws(TransportError) in PollLoopTests.good(index) }
    let limits = [RateLimit(requests: 2, window: 3600)]
    let target = bench.target("a", requests: 3, limits: limits)
    let scheduler = bench.scheduler([target], client)
    await scheduler.run()
    #expect(scheduler.statuses[0].values.failures[.budget] == 2)
    #expect(client.requests.count == 4)
    #expect(bench.log.lines.contains { $0.contains("reason=budget") })
  }

  /// What is left out is counted with every poll and logged once; what is doubtful is logged once.
  ///
  /// Two messages that differ in their numbers alone are one kind, and two ids are two.
  @Test func aLossIsLoggedOnce() async {
    let time = SimulatedTime(unixTime: 0, participants: 1, duration: 300)
    let bench = Bench(time: time)
    let target = ScheduledTarget(
      settings: TargetSettings(name: "a", vendor: "experia", url: "http://a.test"),
      collector: LossyCollector(),
      budget: bench.budgets.budget(credential: "a", vendor: "experia", target: "a", limits: [])
    )
    let client = ScriptedHTTPClient { _, _ throws(TransportError) in
      HTTPClientResponse(status: 200)
    }
    let scheduler = bench.scheduler([target], client)
    await scheduler.run()
    let values = scheduler.statuses.first?.values
    #expect(values?.polls == 6)
    #expect(values?.rowsSkipped == 6 * 3)
    func lines(_ text: String) -> Int { bench.log.lines.count { $0.contains(text) } }
    #expect(lines("values left out") == 3)
    #expect(lines("of row") == 1 && lines("id a1") == 1 && lines("id b1") == 0)
    #expect(lines("experia_sessions_total: a total of -1.0 cannot be counted") == 1)
    #expect(lines("doubtful answer") == 1)
  }
}

/// A collector whose every poll leaves out a value, notes a doubt and has a total that cannot be.
private struct LossyCollector: Collector {
  var plan: RequestPlan { RequestPlan([]) }
  var configuredFamilies: [MetricFamily] { [] }

  func collect(in context: CollectionContext) async throws -> PollOutcome {
    let row = Int(context.time.unixTime)
    var outcome = PollOutcome()
    try await outcome.part("all") {
      var values = PollOutcome.Values(skipped: ["date of row \(row) is \"x\"", "id a1 is missing"])
      values.notes = ["no row has a column \"n\""]
      values.observations = [
        Observation(
          family: CounterFamily(name: "experia_sessions_total", help: "Sessions."),
          labels: [:],
          bucket: Bucket(start: 0, end: 86_400),
          value: -1
        )
      ]
      return values
    }
    return outcome
  }
}

import CollectorKit
import Exposition
import HTTPTransport
import Ledger
import Logging
import Scheduling
import Synchronization
import TestSupport
import Testing

/// A vendor that counts one session a second of its own day, in UTC.
private struct ClosingCollector: DayClosing {
  let dayZone = Zone.utc
  var dayOverlap = 0
  let fails: @Sendable (CivilDate) -> Bool
  let asked = AskedDays()

  var plan: RequestPlan { RequestPlan([RequestPlan.Entry("requests", requests: 1)]) }
  var configuredFamilies: [MetricFamily] { [] }

  func collect(in context: CollectionContext) async throws -> PollOutcome {
    let now = context.time.unixTime
    return try await outcome(dayZone.date(at: now), value: dayZone.secondsIntoDay(at: now))
  }

  func closingTotals(
    of day: CivilDate,
    except parts: Set<String>,
    in context: CollectionContext
  ) async throws -> PollOutcome {
    asked.add(day)
    guard !fails(day) else {
      throw CollectionError(.httpStatus, endpoint: "GET /\(day)", "HTTP 500")
    }
    return try await outcome(day, value: 86_400)
  }

  private func outcome(_ day: CivilDate, value: Double) async throws -> PollOutcome {
    var outcome = PollOutcome()
    let start = Int64(day.dayNumber) * 86_400
    try await outcome.part("all") {
      PollOutcome.Values(observations: [
        Observation(
          family: CounterFamily(name: "experia_sessions_total", help: "Sessions."),
          labels: ["view": "all"],
          bucket: Bucket(start: start, end: start + 86_400),
          value: value
        )
      ])
    }
    return outcome
  }
}

private final class AskedDays: Sendable {
  private let days = Mutex<[CivilDate]>([])
  var all: [CivilDate] { days.withLock { $0 } }
  func add(_ day: CivilDate) { days.withLock { $0.append(day) } }
}

/// What comes between the last poll of a day and its end is counted, once.
@Suite struct DayClosingTests {
  /// 2026-01-15T12:00:00Z.
  private static let noon = 1_768_478_400.0
  private static let today = CivilDate(dayNumber: 20_468)

  private func run(
    hours: Double,
    interval: Double = 420,
    catchUp: Double = 31 * 86_400,
    fails: @escaping @Sendable (CivilDate) -> Bool = { _ in false }
  ) async -> (counter: Double?, asked: [CivilDate], log: [String]) {
    let time = SimulatedTime(
      unixTime: DayClosingTests.noon,
      participants: 1,
      duration: hours * 3600
    )
    let bench = Bench(time: time)
    let collector = ClosingCollector(fails: fails)
    let stub = bench.target("a", interval: interval)
    var settings = stub.settings
    settings.catchUp = catchUp
    let target = ScheduledTarget(
      settings: settings,
      collector: collector,
      budget: stub.budget
    )
    let client = ScriptedHTTPClient { _, _ throws(TransportError) in HTTPClientResponse(status: 200)
    }
    await bench.scheduler([target], client).run()
    let counters = bench.store.read(at: time.uptime).groups.flatMap { $0 }.flatMap(\.samples)
    return (counters.first?.value, collector.asked.all, bench.log.lines)
  }

  @Test func nothingIsAskedBeforeTheDayIsOver() async {
    let (counter, asked, _) = await run(hours: 12)
    #expect(asked.isEmpty)
    // 43,200 s, as far as the last poll saw: polls every 420 s from the first on.
    #expect(counter == Double(Int(12 * 3600 / 420)) * 420)
  }

  @Test func aDayIsClosedOnceAndWhole() async {
    let (counter, asked, log) = await run(hours: 20)
    #expect(asked == [DayClosingTests.today])
    // From noon to midnight, and of the new day what the last poll saw.
    let sinceNoon = Double(Int(20 * 3600 / 420)) * 420
    #expect(counter == 43_200 + (sinceNoon - 43_200))
    #expect(log.contains { $0.contains("closed a day") && $0.contains("day=2026-01-15") })
  }

  /// Who wants nothing caught up still wants what came in the last minutes of a day.
  @Test func yesterdayIsClosedWithoutCatchUp() async {
    let (_, asked, _) = await run(hours: 24 * 3, catchUp: 0)
    #expect(asked == (0..<3).map { DayClosingTests.today.adding(days: $0) })
  }

  @Test func everyDayIsClosed() async {
    let (_, asked, _) = await run(hours: 24 * 5)
    #expect(asked == (0..<5).map { DayClosingTests.today.adding(days: $0) })
  }

  @Test func aFailedClosingIsTriedAgainAfterEachPoll() async {
    let failures = Mutex(3)
    let (counter, asked, log) = await run(
      hours: 20,
      fails: { _ in
        failures.withLock { left in
          left -= 1
          return left >= 0
        }
      }
    )
    #expect(asked == Array(repeating: DayClosingTests.today, count: 4))
    #expect(counter == Double(Int(20 * 3600 / 420)) * 420)
    #expect(log.filter { $0.contains("closing totals failed") }.count == 3)
  }

  @Test func aDayThatFailsForeverIsGivenUpAfterCatchUp() async {
    // catch_up is 31 days by default: the first day leaves it on the 32nd.
    let (_, asked, _) = await run(
      hours: 24 * 36,
      interval: 3600,
      fails: { $0 == DayClosingTests.today }
    )
    #expect(asked.filter { $0 == DayClosingTests.today }.count > 24 * 30)
    #expect(asked.last.map { $0 > DayClosingTests.today } == true)
  }
}

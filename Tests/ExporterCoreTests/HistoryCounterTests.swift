import Exposition
import Ledger
import TestSupport
import Testing

@testable import ExporterCore

/// How a counter's history meets the live counter: whatever Prometheus is asked, `increase()` over
/// the join is what has happened.
@Suite struct HistoryCounterTests {
  private static let day: Int64 = 86_400
  private static let family = CounterFamily(name: "experia_sessions_total", help: "Sessions.")
  private static let labels: LabelSet = ["view": "all"]

  private static func total(_ day: Int64, _ value: Double) -> Observation {
    Observation(
      family: family,
      labels: labels,
      bucket: Bucket(start: day * Self.day, end: (day + 1) * Self.day),
      value: value
    )
  }

  /// The samples of a history of days.
  private func history(
    _ totals: [(day: Int64, value: Double)],
    start: LedgerReading.Start? = nil,
    latest: Int64 = .max
  ) -> [HistoryCounter.Point] {
    var counter = HistoryCounter(start: start)
    var points: [HistoryCounter.Point] = []
    for (day, value) in totals {
      points += counter.add(from: day * Self.day, to: (day + 1) * Self.day, value)
    }
    if let end = counter.end(noLaterThan: latest) { points.append(end) }
    return points
  }

  /// What Prometheus makes of samples: a fall is a reset to 0.
  private func increase(_ values: [Double]) -> Double {
    zip(values, values.dropFirst()).reduce(0) { $0 + ($1.1 >= $1.0 ? $1.1 - $1.0 : $1.1) }
  }

  @Test func itIsZeroAtTheBeginningAndGrowsAtEachDaysEnd() {
    let points = history([(10, 5), (11, 0), (13, 7)])
    #expect(points.map(\.value) == [0, 5, 5, 12])
    #expect(
      points.map(\.time)
        == [10 * Self.day, 11 * Self.day - 1, 12 * Self.day - 1, 14 * Self.day - 1]
    )
  }

  /// The agent began at noon of day 12, when 4 of the day's sessions had come.
  @Test func anAgentThatBeganBeforeTheBackfill() throws {
    let ledger = try StoredLedger()
    let noon = 12.5 * Double(Self.day)
    _ = ledger.counters.record([Self.total(12, 4)], target: "a", at: noon)
    _ = ledger.counters.record([Self.total(12, 9)], target: "a", at: noon + 3600)
    let start = try #require(ledger.reading.start(of: Self.family.name, Self.labels, target: "a"))
    #expect(start.time == noon)
    #expect(start.baseline == 4)
    // The history reaches beyond the agent's start: what is live is not written twice.
    let points = history([(10, 5), (11, 6), (12, 20)], start: start)
    #expect(points.map(\.value) == [0, 5, 11, 15])
    #expect(points.last?.time == Int64(noon) - 1)
    // The live samples were 0 and 5: since day 10 there were 5 + 6 + 9.
    #expect(increase(points.map(\.value) + [0, 5]) == 20)
  }

  /// Rocket.Chat's first poll sees yesterday as well, whose total goes on rising and is counted live.
  @Test func bucketsThatTheFirstPollSawAreNotCountedTwice() throws {
    let ledger = try StoredLedger()
    let noon = 12.5 * Double(Self.day)
    _ = ledger.counters.record(
      [Self.total(11, 6), Self.total(12, 4)],
      target: "a",
      at: noon
    )
    let start = try #require(ledger.reading.start(of: Self.family.name, Self.labels, target: "a"))
    #expect(start.baseline == 10)
    let points = history([(10, 5), (11, 6)], start: start)
    #expect(points.map(\.value) == [0, 5, 11, 15])
  }

  /// What is younger than three hours is not for a block.
  @Test func theLastSampleMayBeTooYoung() {
    let start = LedgerReading.Start(
      time: 12.5 * Double(Self.day),
      origin: 12 * Self.day,
      baseline: 4
    )
    #expect(history([(11, 6)], start: start, latest: 12 * Self.day).map(\.value) == [0, 6])
    let unknown = LedgerReading.Start(
      time: 12.5 * Double(Self.day),
      origin: 12 * Self.day,
      baseline: nil
    )
    #expect(history([(11, 6)], start: unknown).map(\.value) == [0, 6])
  }

  @Test func aLedgerThatBeganBeforeTheHistoryHasItAll() {
    let start = LedgerReading.Start(time: 0, origin: 0, baseline: 0)
    #expect(history([(10, 5), (11, 6)], start: start).isEmpty)
  }

  /// A fresh ledger learns the history and the first poll adds all of the day so far.
  @Test(arguments: [1, 20, 32, 33, 40, 400])
  func aSeededLedgerGoesOn(days: Int64) throws {
    let first: Int64 = 20_000
    let last = first + days - 1
    var seed = LedgerSeed(end: (last + 1) * Self.day)
    seed.begin(Self.family, Self.labels, at: first * Self.day)
    var sum = 0.0
    for day in first...last {
      let value = Double(day % 7) + 0.1
      sum += value
      seed.add(from: day * Self.day, to: (day + 1) * Self.day, value)
    }
    let ledger = try StoredLedger()
    seed.plant(in: ledger.counters, target: "a", isNew: true)
    #expect(ledger.counters.closedThrough(target: "a") == (last + 1) * Self.day)
    #expect(abs(ledger.value - sum) < 1e-6)
    #expect(ledger.created == Double(first * Self.day))
    let seeded = ledger.value
    // Day `last + 1` at noon, and a late message of the last day.
    let now = (Double(last) + 1.5) * Double(Self.day)
    let late = Double(last % 7) + 0.1 + 2
    _ = ledger.counters.record(
      [Self.total(last, late), Self.total(last + 1, 8)],
      target: "a",
      at: now
    )
    #expect(abs(ledger.value - seeded - 10) < 1e-9)
    // What is seen again adds nothing.
    _ = ledger.counters.record([Self.total(last + 1, 8)], target: "a", at: now + 60)
    #expect(abs(ledger.value - seeded - 10) < 1e-9)
  }

  /// A ledger in a folder of its own.
  private struct StoredLedger {
    let place: TemporaryFolder
    let storage: LedgerStorage
    let counters: CounterLedger

    init() throws {
      place = try TemporaryFolder()
      storage = try LedgerStorage(folder: place.path, logger: LogRecorder().logger)
      counters = CounterLedger(storage: storage)
    }

    var reading: LedgerReading { LedgerReading(storage) }
    var value: Double { counters.families(target: "a").first?.samples.first?.value ?? .nan }
    var created: Double? { counters.families(target: "a").first?.samples.first?.created }
  }

  /// A folder that an agent holds is read all the same, and nothing in it changes.
  @Test func aLedgerInUseIsRead() throws {
    let ledger = try StoredLedger()
    _ = ledger.counters.record([Self.total(12, 4)], target: "a", at: 1_080_000)
    let reading = try LedgerReading(folder: ledger.place.path)
    #expect(reading.knows(target: "a") && !reading.knows(target: "b"))
    let start = reading.start(of: Self.family.name, Self.labels, target: "a")
    #expect(start == ledger.reading.start(of: Self.family.name, Self.labels, target: "a"))
    #expect(start != nil)
    #expect(throws: StorageError.self) { try LedgerReading(folder: "/nonexistent") }
  }
}

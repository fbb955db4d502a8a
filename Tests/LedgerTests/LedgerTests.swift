import Exposition
import Ledger
import Testing

@Suite struct LedgerTests {
  private static let noon = 100.5 * 86_400

  private static func family(_ name: String, help: String = "Help.") -> CounterFamily {
    CounterFamily(name: name, help: help)
  }

  @Test func familiesAreCountersWithTheirStart() {
    let ledger = CounterLedger()
    let day = LedgerHistory.day(100)
    let b = LedgerTests.family("b_total")
    let a = LedgerTests.family("a_total")
    func poll(_ value: Double, at time: Double) {
      let result = ledger.record(
        [
          Observation(family: b, labels: ["v": "2"], bucket: day, value: value),
          Observation(family: b, labels: ["v": "1"], bucket: day, value: value),
          Observation(family: a, labels: [:], bucket: day, value: value),
        ],
        target: "t",
        at: time
      )
      #expect(result == RecordResult())
    }
    poll(10, at: LedgerTests.noon)
    poll(12, at: LedgerTests.noon + 60)
    let created = LedgerTests.noon
    #expect(
      ledger.families(target: "t") == [
        MetricFamily(
          name: "a_total",
          type: .counter,
          help: "Help.",
          samples: [Sample(labels: [:], value: 2, created: created)]
        ),
        MetricFamily(
          name: "b_total",
          type: .counter,
          help: "Help.",
          samples: [
            Sample(labels: ["v": "2"], value: 2, created: created),
            Sample(labels: ["v": "1"], value: 2, created: created),
          ]
        ),
      ]
    )
  }

  @Test func aSeriesThatComesLaterStartsAtZeroThen() {
    let ledger = CounterLedger()
    let day = LedgerHistory.day(100)
    let old = LedgerHistory.observation(day, 10, labels: ["v": "old"])
    let new = LedgerHistory.observation(day, 500, labels: ["v": "new"])
    _ = ledger.record([old], target: "t", at: LedgerTests.noon)
    _ = ledger.record([new, old], target: "t", at: LedgerTests.noon + 60)
    #expect(
      ledger.families(target: "t").map(\.samples) == [
        [
          Sample(labels: ["v": "old"], value: 0, created: LedgerTests.noon),
          Sample(labels: ["v": "new"], value: 0, created: LedgerTests.noon + 60),
        ]
      ]
    )
  }

  @Test func labelOrderAndEmptyValuesDoNotMakeAnotherSeries() {
    let ledger = CounterLedger()
    let day = LedgerHistory.day(100)
    let sets: [LabelSet] = [
      ["a": "1", "b": "2"], ["b": "2", "a": "1"], ["a": "1", "c": "", "b": "2"],
    ]
    for (index, labels) in sets.enumerated() {
      let observation = LedgerHistory.observation(day, Double(index) + 10, labels: labels)
      _ = ledger.record([observation], target: "t", at: LedgerTests.noon)
    }
    let expected = [[Sample(labels: sets[0], value: 2, created: LedgerTests.noon)]]
    #expect(ledger.families(target: "t").map(\.samples) == expected)
  }

  @Test func theNewestHelpCounts() {
    let ledger = CounterLedger()
    for help in ["Old.", "New."] {
      let observation = Observation(
        family: LedgerTests.family("a_total", help: help),
        labels: [:],
        bucket: LedgerHistory.day(100),
        value: 1
      )
      _ = ledger.record([observation], target: "t", at: LedgerTests.noon)
    }
    #expect(ledger.families(target: "t").map(\.help) == ["New."])
  }

  @Test func targetsAreApartAndCanBeForgotten() {
    let ledger = CounterLedger()
    let day = LedgerHistory.day(100)
    func record(_ value: Double, _ target: String, at time: Double = LedgerTests.noon) {
      _ = ledger.record([LedgerHistory.observation(day, value)], target: target, at: time)
    }
    func samples(_ target: String) -> [Sample] {
      ledger.families(target: target).flatMap(\.samples)
    }
    for target in ["a", "b"] {
      record(10, target)
      record(11, target)
    }
    ledger.forget(target: "a")
    #expect(ledger.families(target: "a").isEmpty)
    #expect(ledger.families(target: "never seen").isEmpty)
    #expect(samples("b").map(\.value) == [1])

    record(20, "a", at: LedgerTests.noon + 60)
    #expect(samples("a").map(\.value) == [0])
    #expect(samples("a").map(\.created) == [LedgerTests.noon + 60])
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, -1, -0.001])
  func impossibleTotalsAreRejected(_ value: Double) {
    let record = LedgerHistory()
    let refused = record.poll([(100, value)], onDay: 100)
    #expect(refused.rejected == 1 && refused.corrections == 0)
    #expect(refused.firstRejected?.hasSuffix(": a total of \(value)") == true)
    #expect(record.total == nil)
    #expect(record.poll([(100, 5)], onDay: 100) == RecordResult())
    #expect(record.poll([(100, value), (100, 6), (101, value)], onDay: 100).rejected == 2)
    #expect(record.total == 1)
    // What was rejected is not what was last seen.
    #expect(record.poll([(100, 6)], onDay: 100) == RecordResult())
  }

  /// A cached answer: yesterday's 140 after midnight, then the new day's own total.
  @Test func anOldTotalIsHeldUntilItIsBelowTheDayBefore() {
    #expect(
      totals([(-600, 100), (-60, 140), (240, 140), (300, 141), (480, 3), (600, 9)]) == [
        0, 40, 40, 40, 43, 49,
      ]
    )
  }

  @Test func aBusierDayIsCountedWhenTheHourIsOver() {
    #expect(totals([(-60, 3), (240, 3), (3599, 8), (3600, 8), (7200, 9)]) == [0, 0, 0, 8, 9])
  }

  /// A day without traffic holds nothing back, and neither does one that is not the day before.
  @Test func whatIsNotHeld() {
    #expect(totals([(-60, 0), (240, 2)]) == [0, 2])
    #expect(totals([(-90_000, 5), (240, 7)]) == [0, 7])
    #expect(totals([(-60, 5), (240, 7)], mayBeOld: false) == [0, 7])
  }

  /// The counter after each total, seen so many seconds after the start of day 100.
  private func totals(_ seen: [(seconds: Double, value: Double)], mayBeOld: Bool = true) -> [Double]
  {
    let ledger = CounterLedger()
    return seen.map { seconds, value in
      let time = 100 * 86_400 + seconds
      let day = Int64((time / 86_400).rounded(.down))
      var observation = LedgerHistory.observation(LedgerHistory.day(day), value)
      observation.mayBeOld = mayBeOld
      _ = ledger.record([observation], target: "t", at: time)
      return ledger.families(target: "t").first?.samples.first?.value ?? -1
    }
  }

  @Test(arguments: [
    Bucket(start: 10, end: 10), Bucket(start: 10, end: 5), Bucket(start: 0, end: .max),
    Bucket(start: .min, end: .max), Bucket(start: .max - 1, end: .max),
    Bucket(start: .min, end: .min + 86_400), Bucket(start: 0, end: 9 * 366 * 86_400),
  ])
  func impossibleBucketsAreRejected(_ bucket: Bucket) {
    let ledger = CounterLedger()
    let observation = LedgerHistory.observation(bucket, 1)
    let result = ledger.record([observation], target: "t", at: LedgerTests.noon)
    #expect(result.rejected == 1 && result.corrections == 0)
    #expect(ledger.families(target: "t").isEmpty)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func aClockWithoutATimeRecordsNothing(_ time: Double) {
    let ledger = CounterLedger()
    let observation = LedgerHistory.observation(LedgerHistory.day(100), 1)
    #expect(ledger.record([observation], target: "t", at: time).rejected == 1)
    #expect(ledger.families(target: "t").isEmpty)
  }

  @Test func hoursOfManyKindsWork() {
    let ledger = CounterLedger()
    // Before 1970, a half-hour zone, a day of 25 hours, a whole year.
    let buckets = [
      Bucket(start: -86_400, end: 0), Bucket(start: 1800, end: 5400),
      Bucket(start: 90_000, end: 180_000), Bucket(start: 200_000, end: 200_000 + 366 * 86_400),
    ]
    for (index, bucket) in buckets.enumerated() {
      let observation = LedgerHistory.observation(bucket, 10)
      _ = ledger.record([observation], target: "t", at: 100_000)
      let total = ledger.families(target: "t").first?.samples.first?.value
      #expect(total == Double(index) * 10)
    }
  }

  @Test func aRedefinedDayIsABaseline() {
    let ledger = CounterLedger()
    func total(after bucket: Bucket, _ value: Double) -> Double? {
      let observation = LedgerHistory.observation(bucket, value)
      _ = ledger.record([observation], target: "t", at: LedgerTests.noon)
      return ledger.families(target: "t").first?.samples.first?.value
    }
    func day(_ number: Int64, east hours: Int64) -> Bucket {
      let utc = LedgerHistory.day(number)
      return Bucket(start: utc.start - hours * 3600, end: utc.end - hours * 3600)
    }
    #expect(total(after: day(100, east: 3), 100) == 0)
    #expect(total(after: day(100, east: 3), 110) == 10)
    // The zone is changed in the configuration: most of this day was counted already.
    #expect(total(after: day(100, east: 0), 105) == 10)
    #expect(total(after: day(100, east: 0), 107) == 12)
    #expect(total(after: day(101, east: 0), 4) == 16)
  }

  @Test func theRetentionIsAParameter() {
    let ledger = CounterLedger(retention: .seconds(3600))
    func total(_ value: Double, at time: Double) -> Double? {
      let hour = LedgerHistory.observation(Bucket(start: 0, end: 3600), value)
      _ = ledger.record([hour], target: "t", at: time)
      return ledger.families(target: "t").first?.samples.first?.value
    }
    #expect(total(1, at: 60) == 0)
    #expect(total(2, at: 7200) == 1)
    #expect(total(3, at: 7201) == 1)
  }

  @Test func manyThreadsLoseNothing() async {
    let ledger = CounterLedger()
    let day = LedgerHistory.day(100)
    let time = LedgerTests.noon
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask { @concurrent in
          for value in 0...500 {
            let observation = LedgerHistory.observation(day, Double(value))
            _ = ledger.record([observation], target: "t\(worker)", at: time)
            _ = ledger.families(target: "t\(3 - worker)")
          }
        }
      }
    }
    for worker in 0..<4 {
      #expect(ledger.families(target: "t\(worker)").flatMap(\.samples).map(\.value) == [500])
    }
  }

  /// Quadratic work would take minutes here.
  @Test(.timeLimit(.minutes(1))) func aHundredThousandSeries() {
    let ledger = CounterLedger()
    for value in [1.0, 3.0] {
      let observations = (0..<100_000).map { index in
        LedgerHistory.observation(LedgerHistory.day(100), value, labels: ["id": "\(index)"])
      }
      #expect(ledger.record(observations, target: "t", at: LedgerTests.noon) == RecordResult())
    }
    let samples = ledger.families(target: "t").flatMap(\.samples)
    #expect(samples.count == 100_000)
    #expect(samples.allSatisfy { $0.value == 2 })
  }
}

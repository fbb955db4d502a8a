import Exposition
import Ledger

/// A ledger, one target and one series: what the tests of the rule need.
struct LedgerHistory {
  static let family = CounterFamily(name: "experia_sessions_total", help: "Sessions.")
  static let target = "support"

  let ledger = CounterLedger()

  /// The day that starts so many days after 1970-01-01.
  static func day(_ number: Int64) -> Bucket {
    Bucket(start: number * 86_400, end: (number + 1) * 86_400)
  }

  static func observation(
    _ bucket: Bucket,
    _ value: Double,
    labels: LabelSet = ["view": "all"]
  ) -> Observation {
    Observation(family: family, labels: labels, bucket: bucket, value: value)
  }

  /// Records the totals of some days at noon of the given day.
  func poll(_ totals: [(day: Int64, value: Double)], onDay day: Double) -> RecordResult {
    ledger.record(
      totals.map { LedgerHistory.observation(LedgerHistory.day($0.day), $0.value) },
      target: LedgerHistory.target,
      at: (day + 0.5) * 86_400
    )
  }

  /// The series' counter, nil before its first batch.
  var total: Double? {
    ledger.families(target: LedgerHistory.target).first?.samples.first?.value
  }
}

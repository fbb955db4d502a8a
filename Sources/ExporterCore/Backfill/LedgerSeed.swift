import Exposition
import Ledger

/// What a target's history leaves in a ledger that has none of its series yet, so that the live
/// counters go on where the history ends.
///
/// The ledger's own rule does it: a first batch of zeros is the beginning, and what comes behind it
/// is added whole. The last month stands there day by day, as though it had been polled, so that
/// what the vendor still adds to it counts; all before is one long bucket.
struct LedgerSeed: Sendable {
  private struct Series: Sendable {
    let family: CounterFamily
    let labels: LabelSet
    let start: Int64
    var early = 0.0
    var recent: [(bucket: Bucket, value: Double)] = []
  }

  /// For how long before the history's end the ledger learns each bucket of its own.
  private static let recentSeconds: Int64 = 31 * 86_400

  /// When the history's last day ended, in Unix seconds.
  private let end: Int64
  private var series: [Series] = []

  /// A seed without series.
  ///
  /// - Parameter end: When the history's last day ended, in Unix seconds.
  init(end: Int64) {
    self.end = end
  }

  private var recentStart: Int64 { end - LedgerSeed.recentSeconds }

  /// Begins the next series; its buckets follow.
  mutating func begin(_ family: CounterFamily, _ labels: LabelSet, at start: Int64) {
    series.append(Series(family: family, labels: labels, start: start))
  }

  /// Adds the series' next bucket.
  mutating func add(from start: Int64, to end: Int64, _ value: Double) {
    guard !series.isEmpty else { return }
    if start < recentStart {
      series[series.count - 1].early += value
    } else {
      series[series.count - 1].recent.append((Bucket(start: start, end: end), value))
    }
  }

  /// How many series there are.
  var count: Int { series.count }

  /// Has the ledger learn everything.
  ///
  /// - Parameters:
  ///   - ledger: The ledger; it has none of the series.
  ///   - target: The target's name.
  ///   - isNew: Whether the ledger knows nothing of the target: then days between the history's end
  ///     and the agent's first poll were missed, and the agent asks for them.
  func plant(in ledger: CounterLedger, target: String, isNew: Bool) {
    guard let first = series.map(\.start).min() else { return }
    var zeros: [Observation] = []
    var totals: [Observation] = []
    for one in series {
      func observation(_ bucket: Bucket, _ value: Double) -> Observation {
        Observation(family: one.family, labels: one.labels, bucket: bucket, value: value)
      }
      if one.start < recentStart {
        let early = Bucket(start: one.start, end: recentStart)
        zeros.append(observation(early, 0))
        totals.append(observation(early, one.early))
      } else if let bucket = one.recent.first?.bucket {
        zeros.append(observation(bucket, 0))
      }
      totals += one.recent.map { observation($0.bucket, $0.value) }
    }
    _ = ledger.record(zeros, target: target, at: Double(first))
    _ = ledger.record(totals, target: target, at: Double(end))
    if isNew { ledger.close(target: target, through: end) }
  }
}

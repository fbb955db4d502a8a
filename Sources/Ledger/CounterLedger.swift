public import Exposition
private import Synchronization

/// Turns the vendors' period-to-date totals into counters that never fall.
///
/// A vendor's total grows through a day or an hour and starts again; it may also be corrected
/// downwards. The ledger keeps, for every series, a counter and the highest total seen in each bucket
/// that may still rise, so that `rate()` and `increase()` are right across midnight, missed days and
/// corrections. `CounterSeries` states the rule.
///
/// ```swift
/// let ledger = CounterLedger()
/// let result = ledger.record(observations, target: "support", at: now)
/// let counters = ledger.families(target: "support")
/// ```
public final class CounterLedger: Sendable {
  private let retention: Double
  private let targets = Mutex<[String: TargetLedger]>([:])

  /// An empty ledger.
  ///
  /// - Parameter retention: How long after its end a bucket may still rise. It must be longer than
  ///   the longest catch-up, for a dropped bucket adds nothing.
  public init(retention: Duration = .seconds(33 * 86_400)) {
    let parts = retention.components
    self.retention = Double(parts.seconds) + Double(parts.attoseconds) / 1e18
  }

  /// Adds what the observations say that was not known before.
  ///
  /// A total above the highest one seen for its bucket raises the counter by the difference. A total
  /// below the bucket's last one is a correction: it adds nothing and is counted once, not again for
  /// as long as the vendor repeats it. The order within a batch decides nothing. A series that was
  /// never seen starts at 0 with all its buckets in this batch as baselines.
  ///
  /// - Parameters:
  ///   - observations: One poll's totals.
  ///   - target: The target's name in the configuration.
  ///   - unixTime: When the poll ended; buckets that ended more than the retention before are dropped.
  /// - Returns: How many totals were corrected downwards and how many observations were refused.
  public func record(
    _ observations: [Observation],
    target: String,
    at unixTime: Double
  ) -> RecordResult {
    targets.withLock { targets in
      targets[target, default: TargetLedger()]
        .record(observations, at: unixTime, horizon: unixTime - retention)
    }
  }

  /// The target's counters, sorted by name, with the Unix time at which each series was 0.
  public func families(target: String) -> [MetricFamily] {
    targets.withLock { targets in targets[target] }?.metricFamilies() ?? []
  }

  /// Drops everything that is known about a target that is no longer configured.
  public func forget(target: String) {
    targets.withLock { targets in targets[target] = nil }
  }
}

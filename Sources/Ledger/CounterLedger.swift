public import Exposition

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
///
/// With a storage, every change is on the disk before it is shown, so that no counter falls when the
/// agent is killed. Where the disk refuses (`LedgerStorage` says what happens then), counting and
/// showing go on in memory.
public final class CounterLedger: Sendable {
  private let retention: Double
  private let state: LedgerState
  private let storage: LedgerStorage?

  /// A ledger with what the storage holds, or an empty one.
  ///
  /// - Parameters:
  ///   - retention: How long after its end a bucket may still rise. It must be longer than the
  ///     longest catch-up, for a dropped bucket adds nothing.
  ///   - storage: Where the ledger is kept; nil keeps it in memory only.
  public init(retention: Duration = .seconds(33 * 86_400), storage: LedgerStorage? = nil) {
    let parts = retention.components
    self.retention = Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    self.storage = storage
    state = storage?.state ?? LedgerState()
  }

  /// Adds what the observations say that was not known before.
  ///
  /// A total above the highest one seen for its bucket raises the counter by the difference. A total
  /// below the bucket's last one is a correction: it adds nothing and is counted once, not again for
  /// as long as the vendor repeats it. The order within a batch decides nothing. A series that was
  /// never seen starts at 0 with all its buckets in this batch as baselines.
  ///
  /// With a storage it waits for the disk, once a batch, and now and then while it writes a snapshot.
  ///
  /// - Parameters:
  ///   - observations: One poll's totals.
  ///   - target: The target's name in the configuration.
  ///   - unixTime: When the poll ended; buckets that ended more than the retention before are dropped.
  ///   - retention: Seconds after its end for which a bucket of this target may still rise; nil for
  ///     the ledger's own.
  /// - Returns: How many totals were corrected downwards and how many observations were refused.
  public func record(
    _ observations: [Observation],
    target: String,
    at unixTime: Double,
    retention: Double? = nil
  ) -> RecordResult {
    let result = state.exclusively {
      // The copy must be gone before the change is applied, which would have to copy it otherwise.
      var (batch, result) = (state.read(target: target) ?? TargetLedger())
        .plan(observations, at: unixTime, retention: retention ?? self.retention)
      if !batch.isEmpty { result.corrections = commit(.batch(target: target, batch)) }
      return result
    }
    storage?.compactIfDue()
    return result
  }

  /// The target's counters, sorted by name, with the Unix time at which each series was 0.
  public func families(target: String) -> [MetricFamily] {
    state.read(target: target)?.metricFamilies() ?? []
  }

  /// The Unix time up to which all of the target's buckets have their last totals, as `close` said;
  /// nil before it said so.
  public func closedThrough(target: String) -> Int64? {
    state.read(target: target)?.closedThrough
  }

  /// Keeps up to which Unix time a target's buckets have their last totals: what is missing behind it
  /// is asked for after a restart.
  ///
  /// - Parameters:
  ///   - target: The target's name in the configuration.
  ///   - unixTime: The end of the last bucket that needs no more asking; it may go back.
  public func close(target: String, through unixTime: Int64) {
    state.exclusively {
      guard state.read(target: target)?.closedThrough != unixTime else { return }
      _ = commit(.closing(target: target, through: unixTime))
    }
    storage?.compactIfDue()
  }

  /// Drops everything that is known about a target that is no longer configured.
  public func forget(target: String) {
    state.exclusively {
      if state.read(target: target) != nil { _ = commit(.forget(target: target)) }
    }
    storage?.compactIfDue()
  }

  /// Keeps what is known about the configured targets, and about others for some time yet.
  ///
  /// A target that left the configuration keeps its series, so that it goes on where it stopped if it
  /// comes back. The time starts with the first call that misses it.
  ///
  /// - Parameters:
  ///   - targets: The names of the targets that are configured.
  ///   - seconds: How long a target that is not is kept; `catch_up` is long enough.
  ///   - unixTime: The present time.
  public func retain(targets: Set<String>, removedAfter seconds: Double, now unixTime: Double) {
    guard unixTime.isFinite else { return }
    state.exclusively {
      for (name, target) in state.read().targets.sorted(by: { $0.key < $1.key }) {
        switch (targets.contains(name), target.removedAt) {
        case (true, .some): _ = commit(.removal(target: name, at: nil))
        case (true, nil): continue
        case (false, nil): _ = commit(.removal(target: name, at: unixTime))
        case (false, .some(let start)):
          if unixTime - start >= seconds { _ = commit(.forget(target: name)) }
        }
      }
    }
    storage?.compactIfDue()
  }

  /// Stores a change, then shows it.
  private func commit(_ change: LedgerChange) -> Int {
    storage?.append(change)
    return state.apply(change)
  }
}

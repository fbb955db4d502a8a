/// Everything a ledger knows: the state that changes are applied to.
struct LedgerContents: Sendable {
  private(set) var targets: [String: TargetLedger] = [:]

  /// Whether the change was made for this state; only such a change may be applied.
  func fits(_ change: LedgerChange) -> Bool {
    switch change {
    case .batch(let target, let batch): (targets[target] ?? TargetLedger()).fits(batch)
    case .forget: true
    case .removal(let target, _): targets[target] != nil
    case .closing: true
    }
  }

  /// Applies a change that fits.
  ///
  /// - Returns: How many buckets were corrected downwards.
  mutating func apply(_ change: LedgerChange) -> Int {
    switch change {
    case .batch(let target, let batch):
      return targets[target, default: TargetLedger()].apply(batch)
    case .forget(let target):
      targets[target] = nil
    case .removal(let target, let unixTime):
      targets[target]?.removedAt = unixTime
    case .closing(let target, let unixTime):
      targets[target, default: TargetLedger()].closedThrough = unixTime
    }
    return 0
  }

  /// Takes over a target as it was stored.
  mutating func restore(_ target: TargetLedger, named name: String) {
    targets[name] = target
  }
}

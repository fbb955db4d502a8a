/// One change of a ledger: what one journal record holds.
enum LedgerChange: Sendable {
  /// A poll's batch.
  case batch(target: String, SeriesBatch)
  /// A target of which nothing is known any more.
  case forget(target: String)
  /// Since when a target has been missing in the configuration; nil once it is back.
  case removal(target: String, at: Double?)
  /// Up to which Unix time a target's buckets have their last totals.
  case closing(target: String, through: Int64)
}

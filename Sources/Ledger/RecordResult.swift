/// What became of a batch of observations.
public struct RecordResult: Hashable, Sendable {
  /// Buckets whose total was lower than when it was last seen.
  public var corrections: Int
  /// Observations that cannot be: a total that is NaN, infinite or negative, or a bucket without a
  /// length.
  public var rejected: Int
  /// The first of them, for the log: the family and the total.
  public var firstRejected: String?

  /// A result with the given counts.
  public init(corrections: Int = 0, rejected: Int = 0, firstRejected: String? = nil) {
    self.corrections = corrections
    self.rejected = rejected
    self.firstRejected = firstRejected
  }
}

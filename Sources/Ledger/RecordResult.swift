/// What became of a batch of observations.
public struct RecordResult: Hashable, Sendable {
  /// Buckets whose total was lower than when it was last seen.
  public var corrections: Int
  /// Observations that cannot be: a total that is NaN, infinite or negative, or a bucket without a
  /// length.
  public var rejected: Int

  /// A result with the given counts.
  public init(corrections: Int = 0, rejected: Int = 0) {
    self.corrections = corrections
    self.rejected = rejected
  }
}

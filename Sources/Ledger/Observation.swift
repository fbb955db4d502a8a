public import Exposition

/// A period-to-date total that a vendor has reported for one series and one bucket.
public struct Observation: Sendable {
  /// The counter family that is derived from the total.
  public let family: CounterFamily
  /// The labels that tell the series from the family's others.
  public var labels: LabelSet
  /// The day or hour that the vendor means.
  public let bucket: Bucket
  /// The bucket's total so far, in the family's base unit.
  public let value: Double
  /// Whether the total may still be the one of the bucket before: the vendor is not known to answer
  /// for the bucket that was asked for, or a cache of its may be older than the bucket.
  public var mayBeOld = false
  /// Seconds after a bucket's start for which such a first total may be held: a cache is minutes old,
  /// and a day that is busier than the one before must not wait for its end.
  public static let longestHold = 3600.0

  /// A total seen for a bucket.
  public init(family: CounterFamily, labels: LabelSet, bucket: Bucket, value: Double) {
    self.family = family
    self.labels = labels
    self.bucket = bucket
    self.value = value
  }
}

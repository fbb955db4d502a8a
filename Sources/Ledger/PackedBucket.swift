/// A bucket in eight bytes: a ledger keeps a month of them for every series.
///
/// The start takes 36 bits (a thousand years either side of 1970), the length 28 (eight years).
struct PackedBucket: Hashable, Comparable, Sendable {
  /// Start and length, as they are stored.
  let bits: Int64

  private static let lengthBits: Int64 = 28
  private static let startLimit: Int64 = 1 << 35

  /// Nil for a bucket that is empty, backwards, too long or too far away.
  init?(_ bucket: Bucket) {
    guard bucket.start < bucket.end,
      bucket.start >= -PackedBucket.startLimit, bucket.start < PackedBucket.startLimit,
      bucket.end < 2 * PackedBucket.startLimit,
      bucket.end - bucket.start < 1 << PackedBucket.lengthBits
    else { return nil }
    bits = bucket.start << PackedBucket.lengthBits | (bucket.end - bucket.start)
  }

  /// A bucket as it was stored; nil for one without a length.
  init?(bits: Int64) {
    guard bits & (1 << PackedBucket.lengthBits - 1) != 0 else { return nil }
    self.bits = bits
  }

  /// The first second, in Unix time.
  var start: Int64 { bits >> PackedBucket.lengthBits }

  /// The second behind the last one, in Unix time.
  var end: Int64 { start + bits & (1 << PackedBucket.lengthBits - 1) }

  /// Whether there is a second in both.
  func overlaps(_ other: PackedBucket) -> Bool {
    start < other.end && other.start < end
  }

  /// Orders by start, then by end.
  static func < (left: PackedBucket, right: PackedBucket) -> Bool {
    left.bits < right.bits
  }
}

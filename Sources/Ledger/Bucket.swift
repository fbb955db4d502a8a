/// The day or hour to which a period-to-date total belongs, as the vendor means it.
///
/// It comes from what the vendor says (a date range, a point's label) and never from the agent's
/// clock, so that an answer around midnight cannot be filed under the wrong day.
public struct Bucket: Hashable, Comparable, Sendable {
  /// The first second, in Unix time.
  public let start: Int64
  /// The second behind the last one, in Unix time.
  public let end: Int64

  /// The half-open range from `start` to `end`, in Unix seconds.
  public init(start: Int64, end: Int64) {
    self.start = start
    self.end = end
  }

  /// Orders by start, then by end.
  public static func < (left: Bucket, right: Bucket) -> Bool {
    (left.start, left.end) < (right.start, right.end)
  }
}

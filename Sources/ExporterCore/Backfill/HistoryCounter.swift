import Ledger

/// Turns one series' totals of days and hours into the samples of a counter that live polls go on.
///
/// The counter is 0 when its first bucket begins and has grown by a bucket's total when that ends.
/// Where the ledger knows the series, the live counter began at 0 at some time: the history ends
/// there with what the vendor's totals had amounted to, so that Prometheus sees a counter that was
/// reset in between and `increase()` is what has happened.
struct HistoryCounter {
  /// A sample to be written.
  struct Point: Equatable {
    let time: Int64
    let value: Double
  }

  private let start: LedgerReading.Start?
  /// The first second that is not written; the live counter's start.
  private let cut: Int64
  /// The counter's value, whether it is written or not.
  private(set) var total = 0.0
  /// What the buckets before the live counter's first ones amount to.
  private var earlier = 0.0
  private var last: Point?

  /// A counter before its first bucket.
  ///
  /// - Parameter start: How the live counter began; nil where there is none.
  init(start: LedgerReading.Start?) {
    self.start = start
    cut = start.flatMap { Int64(exactly: $0.time.rounded(.down)) } ?? .max
  }

  /// Whether the live counter begins before the history has anything to say.
  var isEmpty: Bool { last == nil }

  /// Takes the next bucket's total.
  mutating func add(from bucketStart: Int64, to bucketEnd: Int64, _ value: Double) -> [Point] {
    var points: [Point] = []
    if last == nil, cut > bucketStart { points.append(Point(time: bucketStart, value: 0)) }
    total += value
    if let start, bucketStart < start.origin { earlier += value }
    let point = Point(time: bucketEnd - 1, value: total)
    let before = (points.last ?? last)?.time ?? .min
    if point.time > before, cut > point.time { points.append(point) }
    last = points.last ?? last
    return points
  }

  /// What had come by the second before the live counter's start, where that is known.
  ///
  /// - Parameter latest: The last second that may be written.
  /// - Returns: The sample; nil where there is nothing to be added.
  func end(noLaterThan latest: Int64) -> Point? {
    guard let last, let baseline = start?.baseline, cut != .max else { return nil }
    let time = cut - 1
    guard time > last.time, time <= latest else { return nil }
    return Point(time: time, value: max(last.value, earlier + baseline))
  }
}

/// An observation whose series is known; ascending by series, bucket and value.
struct PlannedReading: Comparable {
  let family: Int
  let series: Int
  let reading: Reading

  func isSameSeries(as other: PlannedReading) -> Bool {
    family == other.family && series == other.series
  }

  static func < (left: PlannedReading, right: PlannedReading) -> Bool {
    if left.family != right.family { return left.family < right.family }
    if left.series != right.series { return left.series < right.series }
    if left.reading.bucket != right.reading.bucket {
      return left.reading.bucket < right.reading.bucket
    }
    return left.reading.value < right.reading.value
  }
}

import Exposition

/// The families and series of a backfill, by their numbers.
struct HistoryCatalog: Sendable {
  /// A family as a collector states it.
  struct Family: Hashable, Sendable {
    let name: String
    let help: String
    let isCounter: Bool
  }

  /// A series without what only its target knows: static labels and those of the command line.
  struct Series: Hashable, Sendable {
    let target: String
    let family: Int
    let labels: LabelSet
  }

  private(set) var families: [Family] = []
  private(set) var series: [Series] = []
  private var familyNumbers: [Family: Int] = [:]
  private var seriesNumbers: [Series: Int] = [:]

  /// The family's number; a new one is added.
  mutating func number(of family: Family) -> Int {
    if let known = familyNumbers[family] { return known }
    familyNumbers[family] = families.count
    families.append(family)
    return families.count - 1
  }

  /// The series' number; a new one is added.
  mutating func number(of one: Series) -> Int {
    if let known = seriesNumbers[one] { return known }
    seriesNumbers[one] = series.count
    series.append(one)
    return series.count - 1
  }
}

/// One sample of a gauge, or one total of a counter's bucket.
struct HistoryRecord: Sendable {
  /// The series' number, or its place in the output.
  var series: UInt32
  /// Where the record stands among all: of two that say the same thing the later one is right.
  var sequence: UInt32
  /// A bucket's first second; a gauge's time.
  let start: Int64
  /// A bucket's end; a gauge's time.
  let end: Int64
  let value: Double

  /// Whether both speak of the same moment of the same series.
  func isSame(as other: HistoryRecord) -> Bool {
    series == other.series && start == other.start && end == other.end
  }

  /// By series, then by time.
  func precedes(_ other: HistoryRecord) -> Bool {
    if series != other.series { return series < other.series }
    if end != other.end { return end < other.end }
    if start != other.start { return start < other.start }
    return sequence < other.sequence
  }
}

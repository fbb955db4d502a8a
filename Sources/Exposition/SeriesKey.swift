/// A label set compared as Prometheus compares series: in any order, an empty value like no label.
///
/// `LabelSet` itself compares as it is written. This wraps it for dictionaries and sets of series
/// without copying or sorting anything.
public struct SeriesKey: Hashable, Sendable {
  /// The labels as they were given.
  public let labels: LabelSet

  /// Wraps a label set.
  public init(_ labels: LabelSet) {
    self.labels = labels
  }

  /// Whether both name the same series.
  public static func == (left: SeriesKey, right: SeriesKey) -> Bool {
    if left.labels == right.labels { return true }
    guard left.presentCount == right.presentCount else { return false }
    // Sets are small and nearly always in the same order: comparing all pairs beats sorting.
    return left.labels.labels.allSatisfy { label in
      label.value.isEmpty || left.occurrences(of: label) == right.occurrences(of: label)
    }
  }

  /// Adds up the labels' hashes, so that their order does not matter.
  public func hash(into hasher: inout Hasher) {
    var sum = 0
    for label in labels.labels where !label.value.isEmpty {
      sum &+= label.hashValue
    }
    hasher.combine(sum)
  }

  private var presentCount: Int {
    labels.labels.reduce(0) { $0 + ($1.value.isEmpty ? 0 : 1) }
  }

  private func occurrences(of label: Label) -> Int {
    labels.labels.reduce(0) { $0 + ($1 == label ? 1 : 0) }
  }
}

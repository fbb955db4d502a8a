public import Exposition
public import Ledger
import Synchronization

/// Turns tables into one mapping's family.
///
/// Keep one mapper a mapping for as long as the target is polled: a counter's mapper remembers which
/// series it has let through, so that rows in another order do not make other series, and all of
/// them whether they have seen their column.
public final class RowMapper: Sendable {
  /// What it does.
  public let mapping: RowMapping
  private let admitted = Mutex<[LabelSet: Set<SeriesKey>]>([:])
  /// Whether a row had the value's column.
  ///
  /// A vendor may leave out what is null: once the column is known, its absence is no mistake in the
  /// configuration.
  private let knowsColumn = Mutex(false)

  /// A mapper that has seen no table.
  public init(_ mapping: RowMapping) {
    self.mapping = mapping
  }

  /// One table's family, or observations where the mapping is a counter.
  ///
  /// Rows with the same labels become one value, so no two series have the same labels. A row
  /// without a value is normal and left out. A row whose value cannot be read is left out and counted
  /// in `rowsSkipped`; series past `max_series` and values that must not be shown are folded into
  /// `other` and counted in `seriesFolded`. A table of which nothing can be read is a `failure`.
  ///
  /// - Parameters:
  ///   - table: The rows.
  ///   - labels: What the collector adds to every series, such as `view`; placed first.
  ///   - bucket: The day that the table's totals belong to; a counter without one observes nothing.
  /// - Returns: The values of a poll's part, or of a share of one.
  public func values(
    of table: RowTable,
    labels: LabelSet = LabelSet(),
    bucket: Bucket? = nil
  ) -> PollOutcome.Values {
    var groups = RowGroups(mapping, table)
    var result = values(of: &groups, table, labels: labels, bucket: bucket)
    result.notes = groups.notes
    return result
  }

  private func values(
    of groups: inout RowGroups,
    _ table: RowTable,
    labels: LabelSet,
    bucket: Bucket?
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    if let refusal = groups.refusal {
      result.skipped = [refusal]
      result.rowsSkipped = max(0, table.rowCount - 1)
      return result
    }
    if let problem = problem(groups, table) {
      result.failure = CollectionError(.decode, endpoint: table.endpoint, problem)
      return result
    }
    if groups.skipped > 0 {
      result.skipped = [groups.firstSkipped]
      result.rowsSkipped = groups.skipped - 1
    }
    let series = fold(&groups, labels: labels)
    result.seriesFolded = groups.hiddenValues + groups.folded
    if groups.folded > 0 {
      groups.notes.append(
        "\(mapping.metric): there are more than \(mapping.maxSeries) series (max_series); the rest is "
          + "folded into one, other"
      )
    }
    let samples = series.compactMap { labels, group in
      group.value(mapping).map { Sample(labels: labels, value: $0) }
    }
    if samples.count < series.count {
      result.skipped.append("\(mapping.metric): a value is beyond all numbers")
      result.rowsSkipped += series.count - samples.count - 1
    }
    switch mapping.kind {
    case .gauge:
      guard !samples.isEmpty else { break }
      result.families = [
        MetricFamily(name: mapping.metric, type: .gauge, help: mapping.help, samples: samples)
      ]
    case .counter:
      guard let bucket else { break }
      let family = CounterFamily(name: mapping.metric, help: mapping.help)
      result.observations = samples.map {
        Observation(family: family, labels: $0.labels, bucket: bucket, value: $0.value)
      }
    }
    return result
  }

  /// Why nothing of the rows can be read; nil if something can, or there is nothing to read.
  private func problem(_ groups: RowGroups, _ table: RowTable) -> String? {
    guard let column = mapping.value, table.rowCount > 0 else { return nil }
    let isKnown = knowsColumn.withLock { known in
      known = known || !groups.lacksColumn
      return known
    }
    if groups.isUnreadable {
      return groups.firstSkipped + ", and no other row has one there"
    }
    guard !isKnown else { return nil }
    let names = table.columns.prefix(20).map { ColumnSummary.shownName(of: $0) }
    return "\(mapping.metric): no row has a column \"\(column)\"; there are "
      + (names.isEmpty ? "none" : names.joined(separator: ", "))
  }

  /// The groups with their labels, those past the most series as one.
  private func fold(
    _ groups: inout RowGroups,
    labels: LabelSet
  ) -> [(LabelSet, RowGroup)] {
    var series: [(LabelSet, RowGroup)] = []
    var folded: [Int] = []
    // A table may have a hundred times more groups than series: only these get labels.
    if mapping.kind == .counter {
      admitted.withLock { admitted in
        var known = admitted[labels, default: []]
        for (index, group) in groups.groups.enumerated() {
          let own = labels.adding(groups.labels(of: index))
          let key = SeriesKey(own)
          if known.contains(key) || known.count < mapping.maxSeries {
            known.insert(key)
            series.append((own, group))
          } else {
            folded.append(index)
          }
        }
        admitted[labels] = known
      }
    } else {
      for (index, group) in groups.groups.prefix(mapping.maxSeries).enumerated() {
        series.append((labels.adding(groups.labels(of: index)), group))
      }
      folded = Array(groups.groups.indices.dropFirst(mapping.maxSeries))
    }
    groups.folded = folded.count
    guard let first = folded.first else { return series }
    var rest = groups.groups[first]
    for index in folded.dropFirst() { rest = rest.merged(with: groups.groups[index]) }
    let other = labels.adding(
      LabelSet(mapping.labels.map { Label(name: $0.label, value: RowMapping.other) })
    )
    // A series that is called "other" already is a part of the rest.
    if let index = series.firstIndex(where: { SeriesKey($0.0) == SeriesKey(other) }) {
      rest = rest.merged(with: series.remove(at: index).1)
    }
    series.append((other, rest))
    return series
  }
}

public import Exposition
public import Ledger
import Synchronization

/// Turns tables into one mapping's family.
///
/// Keep one mapper a mapping for as long as the target is polled: a counter's mapper remembers which
/// series it has let through, so that rows in another order do not make other series.
public final class RowMapper: Sendable {
  /// What it does.
  public let mapping: RowMapping
  private let admitted = Mutex<[LabelSet: Set<SeriesKey>]>([:])

  /// A mapper that has seen no table.
  public init(_ mapping: RowMapping) {
    self.mapping = mapping
  }

  /// One table's family, or observations where the mapping is a counter.
  ///
  /// Rows with the same labels become one value, so no two series have the same labels. A row whose
  /// value cannot be read is left out and counted in `rowsSkipped`; series past `max_series` and
  /// values that must not be shown are folded into `other` and counted in `seriesFolded`.
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
    var result = PollOutcome.Values()
    if let refusal = groups.refusal {
      result.skipped = [refusal]
      result.rowsSkipped = max(0, table.rowCount - 1)
      return result
    }
    if groups.skipped > 0 {
      result.skipped = [groups.firstSkipped]
      result.rowsSkipped = groups.skipped - 1
    }
    let series = fold(&groups, labels: labels)
    result.seriesFolded = groups.hiddenValues + groups.folded
    let samples = series.compactMap { labels, group in
      group.value(mapping).map { Sample(labels: labels, value: $0) }
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

  /// The groups with their labels, those past the most series as one.
  private func fold(
    _ groups: inout RowGroups,
    labels: LabelSet
  ) -> [(LabelSet, RowGroup)] {
    let all = groups.groups.indices.map { labels.adding(groups.labels(of: $0)) }
    let limit = mapping.maxSeries
    let kept: [Bool]
    if mapping.kind == .counter {
      kept = admitted.withLock { admitted in
        var known = admitted[labels, default: []]
        let kept = all.map { labels in
          let key = SeriesKey(labels)
          if known.contains(key) { return true }
          guard known.count < limit else { return false }
          return known.insert(key).inserted
        }
        admitted[labels] = known
        return kept
      }
    } else {
      kept = all.indices.map { $0 < limit }
    }
    let isFolded = kept.contains(false)
    var series: [(LabelSet, RowGroup)] = []
    var rest: RowGroup?
    for (index, group) in groups.groups.enumerated() {
      // A group that is called "other" already is a part of the rest.
      if kept[index], !(isFolded && groups.isOther(index)) {
        series.append((all[index], group))
      } else {
        if !kept[index] { groups.folded += 1 }
        rest = rest.map { $0.merged(with: group) } ?? group
      }
    }
    if let rest {
      let names = mapping.labels.map { Label(name: $0.label, value: RowMapping.other) }
      series.append((labels.adding(LabelSet(names)), rest))
    }
    return series
  }
}

/// Brings the families of several targets together into one exposition.
public enum FamilyMerger {
  /// One family a name, sorted by name, its series in the order in which they were given.
  ///
  /// What cannot stand beside what came before is left out and reported: a family with the same name
  /// and another type or HELP, a family that would take a name from another one in OpenMetrics (a
  /// gauge `x` beside a counter `x_total`, a gauge `x_sum` beside a histogram `x`), and a series with
  /// the labels of an earlier one. Families without a series are left out silently.
  ///
  /// - Parameters:
  ///   - groups: The families of each target; what comes first wins.
  ///   - problems: What was left out is appended here, once a family or series.
  /// - Returns: The families to encode.
  public static func merge(
    _ groups: [[MetricFamily]],
    problems: inout [ExpositionProblem]
  ) -> [MetricFamily] {
    var merged: [MergedFamily] = []
    var positions: [String: Int] = [:]
    var owners: [String: String] = [:]
    for group in groups {
      for family in group where family.hasSeries {
        if let position = positions[family.name] {
          merged[position].add(family, problems: &problems)
          continue
        }
        let names = family.claimedNames
        if let taken = names.first(where: { owners[$0] != nil }), let owner = owners[taken] {
          problems.append(
            ExpositionProblem(
              .clashingName,
              family: family.name,
              detail: "left out: in OpenMetrics the name \(taken) belongs to family \(owner);"
                + " rename one of them"
            )
          )
          continue
        }
        for name in names { owners[name] = family.name }
        positions[family.name] = merged.count
        merged.append(MergedFamily(family, problems: &problems))
      }
    }
    return merged.map(\.family).sorted { $0.name < $1.name }
  }
}

/// One family while it is being put together.
private struct MergedFamily {
  private(set) var family: MetricFamily
  private var keys: Set<SeriesKey> = []

  init(_ first: MetricFamily, problems: inout [ExpositionProblem]) {
    if first.type == .histogram {
      family = MetricFamily(name: first.name, help: first.help, histograms: [])
    } else {
      family = MetricFamily(name: first.name, type: first.type, help: first.help)
    }
    add(first, problems: &problems)
  }

  mutating func add(_ other: MetricFamily, problems: inout [ExpositionProblem]) {
    guard other.type == family.type, other.help == family.help else {
      let difference =
        other.type == family.type
        ? "HELP \(other.help.debugDescription) instead of \(family.help.debugDescription)"
        : "type \(other.type) instead of \(family.type)"
      problems.append(
        ExpositionProblem(
          .conflictingFamily,
          family: other.name,
          detail: "left out: \(difference), which came first; every target must state the same"
        )
      )
      return
    }
    keys.reserveCapacity(family.seriesCount + other.seriesCount)
    if family.type == .histogram {
      for series in other.histograms where isNew(series.labels, problems: &problems) {
        family.histograms.append(series)
      }
    } else {
      for series in other.samples where isNew(series.labels, problems: &problems) {
        family.samples.append(series)
      }
    }
  }

  private mutating func isNew(_ labels: LabelSet, problems: inout [ExpositionProblem]) -> Bool {
    if keys.insert(SeriesKey(labels)).inserted { return true }
    problems.append(
      ExpositionProblem(
        .duplicateSeries,
        family: family.name,
        detail: "series \(labels.summary) left out: an earlier one has the same labels"
      )
    )
    return false
  }
}

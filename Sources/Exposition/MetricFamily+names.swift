extension MetricFamily {
  /// The suffix that the names of this family's type must have, or nil.
  var requiredSuffix: String? {
    switch type {
    case .counter: "_total"
    case .info: "_info"
    case .gauge, .histogram, .unknown: nil
    }
  }

  /// Whether the name has what its type requires, with something before it.
  var hasRequiredSuffix: Bool {
    guard let requiredSuffix else { return true }
    return name.hasSuffix(requiredSuffix) && name.utf8.count > requiredSuffix.utf8.count
  }

  /// The family's name in OpenMetrics: without a counter's `_total` or an info's `_info`.
  var openMetricsName: String {
    guard let requiredSuffix, hasRequiredSuffix else { return name }
    return String(name.dropLast(requiredSuffix.count))
  }

  /// The unit that OpenMetrics' UNIT states: the last segment of the name, where it is a base unit.
  ///
  /// Infos must have none (OpenMetrics 1.0.0, "Info").
  var unit: String? {
    guard type != .info else { return nil }
    let name = openMetricsName
    return ["seconds", "bytes", "ratio"].first { name.hasSuffix("_" + $0) }
  }

  /// Every name that this family takes in an OpenMetrics exposition: its own and its samples'.
  ///
  /// No two families of one exposition may share one of them (OpenMetrics 1.0.0, "Suffixes").
  var claimedNames: [String] {
    let base = openMetricsName
    switch type {
    case .counter: return [base, base + "_total", base + "_created"]
    case .histogram:
      return [base, base + "_bucket", base + "_sum", base + "_count", base + "_created"]
    case .info: return [base, base + "_info"]
    case .gauge, .unknown: return [base]
    }
  }

  /// Whether the family has a series of its own type: one without is not exposed.
  var hasSeries: Bool {
    type == .histogram ? !histograms.isEmpty : !samples.isEmpty
  }
}

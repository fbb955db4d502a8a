/// Checks families against the Prometheus data model, OpenMetrics 1.0.0 and what promtool lints.
///
/// It looks at each family alone; what families do to each other is `FamilyMerger`'s matter.
public struct ExpositionValidator: Sendable {
  /// A validator; it has no settings.
  public init() {}

  /// Everything that is wrong with the families, in their order; empty where nothing is.
  public func problems(in families: [MetricFamily]) -> [ExpositionProblem] {
    var problems: [ExpositionProblem] = []
    for family in families {
      check(family, &problems)
    }
    return problems
  }

  private func check(_ family: MetricFamily, _ problems: inout [ExpositionProblem]) {
    func report(_ kind: ExpositionProblem.Kind, _ detail: String) {
      problems.append(ExpositionProblem(kind, family: family.name, detail: detail))
    }
    if !ExpositionValidator.isMetricName(family.name) {
      report(.metricName, "the name must match [a-zA-Z_:][a-zA-Z0-9_:]*")
    }
    if let suffix = family.requiredSuffix, !family.hasRequiredSuffix {
      report(.metricSuffix, "the name of type \(family.type) must end in \(suffix)")
    }
    for suffix in family.foreignSuffixes where family.name.hasSuffix(suffix) {
      report(.metricSuffix, "the name of type \(family.type) must not end in \(suffix)")
    }
    if family.help.isEmpty { report(.help, "it has no HELP text") }
    if family.type == .histogram {
      if !family.samples.isEmpty { report(.series, "a histogram family cannot have plain samples") }
    } else if !family.histograms.isEmpty {
      report(.series, "a family of type \(family.type) cannot have histograms")
    }
    for sample in family.samples {
      check(sample.labels, of: family, &problems)
      if let fault = fault(in: sample, type: family.type) {
        report(.value, "series \(sample.labels.summary): \(fault)")
      }
    }
    for histogram in family.histograms {
      check(histogram.labels, of: family, &problems)
      for (kind, fault) in histogram.faults {
        report(kind, "series \(histogram.labels.summary): \(fault)")
      }
    }
  }

  private func check(
    _ labels: LabelSet,
    of family: MetricFamily,
    _ problems: inout [ExpositionProblem]
  ) {
    func report(_ kind: ExpositionProblem.Kind, _ detail: String) {
      let place = "series \(labels.summary): label \(detail)"
      problems.append(ExpositionProblem(kind, family: family.name, detail: place))
    }
    for (position, label) in labels.labels.enumerated() {
      let name = label.name.debugDescription
      if !ExpositionValidator.isLabelName(label.name) {
        report(.labelName, "\(name) must match [a-zA-Z_][a-zA-Z0-9_]*")
      } else if label.name.hasPrefix("__") {
        report(.labelName, "\(name) must not start with __, which is Prometheus' own")
      } else if family.type == .histogram, label.name == "le" {
        report(.labelName, "\(name) is taken by the histogram's buckets")
      }
      if labels.labels[..<position].contains(where: { $0.name == label.name }) {
        report(.duplicateLabel, "\(name) is there twice")
      }
    }
  }

  private func fault(in sample: Sample, type: MetricType) -> String? {
    if let created = sample.created, !created.isFinite { return "created is \(created)" }
    switch type {
    case .counter:
      if sample.value.isNaN || sample.value < 0 {
        return "a counter cannot be \(sample.value)"
      }
    case .info:
      if sample.value != 1 { return "an info must be 1 and is \(sample.value)" }
    case .gauge, .histogram, .unknown:
      break
    }
    return nil
  }

  /// Whether the text is a metric name: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
  public static func isMetricName(_ name: String) -> Bool {
    isName(name, allowsColon: true)
  }

  /// Whether the text is a label name: `[a-zA-Z_][a-zA-Z0-9_]*`; reserved ones are names as well.
  public static func isLabelName(_ name: String) -> Bool {
    isName(name, allowsColon: false)
  }

  private static func isName(_ name: String, allowsColon: Bool) -> Bool {
    var isFirst = true
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        break
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if isFirst { return false }
      case UInt8(ascii: ":"):
        if !allowsColon { return false }
      default:
        return false
      }
      isFirst = false
    }
    return !isFirst
  }
}

extension MetricFamily {
  /// Suffixes that promtool wants only on other types.
  fileprivate var foreignSuffixes: [String] {
    switch type {
    case .counter, .info: ["_bucket", "_count", "_sum"]
    case .gauge, .unknown: ["_total", "_bucket", "_count", "_sum"]
    case .histogram: ["_total", "_bucket", "_count", "_sum"]
    }
  }
}

extension HistogramSample {
  /// What is wrong with the numbers: OpenMetrics 1.0.0, "Histogram".
  fileprivate var faults: [(ExpositionProblem.Kind, String)] {
    var faults: [(ExpositionProblem.Kind, String)] = []
    if buckets.last?.upperBound != .infinity {
      faults.append((.buckets, "the last bucket's bound must be infinity"))
    }
    for (bucket, next) in zip(buckets, buckets.dropFirst())
    where !(bucket.upperBound < next.upperBound) {
      faults.append(
        (.buckets, "bound \(next.upperBound) must be above the one before, \(bucket.upperBound)")
      )
    }
    var before = 0.0
    for bucket in buckets {
      let count = bucket.cumulativeCount
      let place = "the bucket of bound \(bucket.upperBound)"
      if !count.isFinite || count < 0 || count.rounded() != count {
        faults.append((.value, "\(place) must count whole observations and has \(count)"))
      } else if count < before {
        faults.append((.buckets, "\(place) has \(count), less than the one before, \(before)"))
      }
      before = count
    }
    if sum.isNaN || sum < 0 { faults.append((.value, "the sum cannot be \(sum)")) }
    if let first = buckets.first, first.upperBound < 0 {
      faults.append((.buckets, "a histogram with a sum cannot have negative bounds"))
    }
    if let created, !created.isFinite { faults.append((.value, "created is \(created)")) }
    return faults
  }
}

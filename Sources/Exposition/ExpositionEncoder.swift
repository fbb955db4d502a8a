/// Writes metric families as `/metrics` serves them.
///
/// The families must be valid and merged: `ExpositionValidator` and `FamilyMerger` see to that.
/// Families without a series are left out, as client_golang does. No timestamps are written.
///
/// ```swift
/// let encoder = ExpositionEncoder(format: .openMetrics)
/// var output: [UInt8] = []
/// encoder.encode(families, into: &output)
/// encoder.encodeEnd(into: &output)
/// ```
public struct ExpositionEncoder: Sendable {
  /// The format that is written.
  public let format: ExpositionFormat
  /// Whether OpenMetrics output carries `_created` samples.
  public let writesCreated: Bool

  /// An encoder for one format.
  ///
  /// - Parameters:
  ///   - format: Prometheus' text format or OpenMetrics.
  ///   - writesCreated: Whether counters and histograms whose start is known get a `_created` sample.
  ///     Only OpenMetrics has them.
  public init(format: ExpositionFormat, writesCreated: Bool = false) {
    self.format = format
    self.writesCreated = writesCreated
  }

  /// Appends the families in the given order; may be called several times for one exposition.
  public func encode(_ families: [MetricFamily], into output: inout [UInt8]) {
    reserve(for: families, in: &output)
    for family in families where family.hasSeries {
      encodeMetadata(of: family, into: &output)
      if family.type == .histogram {
        HistogramEncoder(family: family, encoder: self).encode(into: &output)
      } else {
        encodeSamples(of: family, into: &output)
      }
    }
  }

  /// Appends what ends an exposition: `# EOF` in OpenMetrics, nothing in the text format.
  public func encodeEnd(into output: inout [UInt8]) {
    if format == .openMetrics { output.append("# EOF\n") }
  }

  /// One allocation ahead instead of many on the way.
  ///
  /// `reserveCapacity` allocates what it is asked for and no more, so callers that append a family at
  /// a time would copy everything each time: at least the capacity is doubled.
  private func reserve(for families: [MetricFamily], in output: inout [UInt8]) {
    var needed = output.count
    for family in families {
      let lines: Int
      let labels: LabelSet?
      if family.type == .histogram {
        lines = family.histograms.reduce(0) { $0 + $1.buckets.count + 3 }
        labels = family.histograms.first?.labels
      } else {
        lines = family.samples.count * (writesCreated ? 2 : 1)
        labels = family.samples.first?.labels
      }
      var line = family.name.utf8.count + 32
      for label in labels?.labels ?? [] {
        line += label.name.utf8.count + label.value.utf8.count + 6
      }
      needed += lines * line + family.help.utf8.count + 4 * family.name.utf8.count
    }
    if needed > output.capacity {
      output.reserveCapacity(max(needed, 2 * output.capacity))
    }
  }

  func encodeMetadata(of family: MetricFamily, into output: inout [UInt8]) {
    switch format {
    case .text:
      if !family.help.isEmpty {
        output.append("# HELP \(family.name) ")
        output.appendEscaped(family.help, quotes: false)
        output.append("\n")
      }
      output.append("# TYPE \(family.name) \(family.textTypeName)\n")
    case .openMetrics:
      let name = family.openMetricsName
      output.append("# TYPE \(name) \(family.openMetricsTypeName)\n")
      if let unit = family.unit { output.append("# UNIT \(name) \(unit)\n") }
      if !family.help.isEmpty {
        output.append("# HELP \(name) ")
        output.appendEscaped(family.help, quotes: true)
        output.append("\n")
      }
    }
  }

  private func encodeSamples(of family: MetricFamily, into output: inout [UInt8]) {
    let name = Array(family.name.utf8)
    let createdName =
      writesCreated && format == .openMetrics && family.type == .counter && family.hasRequiredSuffix
      ? Array("\(family.openMetricsName)_created".utf8) : nil
    for sample in family.samples {
      output.append(contentsOf: name)
      output.appendLabels(sample.labels)
      output.append(UInt8(ascii: " "))
      output.appendNumber(sample.value)
      output.append(UInt8(ascii: "\n"))
      if let createdName, let created = sample.created, created.isFinite {
        output.append(contentsOf: createdName)
        output.appendLabels(sample.labels)
        output.append(UInt8(ascii: " "))
        output.appendNumber(created)
        output.append(UInt8(ascii: "\n"))
      }
    }
  }
}

extension MetricFamily {
  /// The type's name in text format 0.0.4, which knows neither info nor unknown.
  fileprivate var textTypeName: String {
    switch type {
    case .gauge, .info: "gauge"
    case .counter: "counter"
    case .histogram: "histogram"
    case .unknown: "untyped"
    }
  }

  /// The type's name in OpenMetrics.
  ///
  /// A counter or info whose name lacks the suffix would make the whole exposition invalid, so it is
  /// written as unknown, as client_golang does.
  fileprivate var openMetricsTypeName: String {
    hasRequiredSuffix ? type.rawValue : MetricType.unknown.rawValue
  }
}

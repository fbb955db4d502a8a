public import ConfigurationFile
import Exposition

extension RowMapping {
  /// Reads a mapping; nil where an error was recorded.
  ///
  /// - Parameters:
  ///   - section: The mapping's keys.
  ///   - prefix: What the metric's name must start with: the vendor's name.
  ///   - reserved: Label names that the collector and the target give themselves.
  public init?(_ section: Section, prefix: String, reserved: Set<String> = []) {
    let metric = section.requiredString("metric")
    let help = section.requiredString("help")
    let value = section.string("value")
    let aggregate = section.choice("aggregate", as: Aggregate.self)
    let format = section.choice("format", as: Format.self)
    let kind = section.choice("type", as: Kind.self) ?? .gauge
    let scale = section.number("scale", in: -1e18...1e18)
    let maxSeries = section.integer("max_series", in: 1...100_000)
    let allowsIdentifiers = section.boolean("allow_identifiers") ?? false
    let labels = RowMapping.labels(section, reserved, allowsIdentifiers)
    section.finish()

    let isTime = metric?.hasSuffix("_timestamp_seconds") ?? false
    RowMapping.check(section, value, aggregate, format ?? (isTime ? .timestamp : .number), kind)
    if format == .timestamp, let metric, !isTime {
      section.report("\"\(metric)\" must end in _timestamp_seconds for this format", at: "metric")
    }
    guard let metric, let help, section.acceptsMetric(metric, prefix: prefix, kind: kind) else {
      return nil
    }
    self.init(
      metric: metric,
      help: help,
      labels: labels,
      value: value,
      format: format ?? (isTime && value != nil ? .timestamp : .number),
      aggregate: aggregate,
      scale: scale ?? 1,
      kind: kind,
      maxSeries: maxSeries ?? 1000,
      allowsIdentifiers: allowsIdentifiers
    )
  }

  /// Reads `mapping` (one) or `mappings` (a list of them), without two of one name.
  public static func all(
    _ section: Section,
    prefix: String,
    reserved: Set<String> = []
  ) -> [RowMapping] {
    var sections = section.section("mapping").map { [$0] } ?? []
    if let list = section.sections("mappings") {
      if !sections.isEmpty { section.report("give mapping or mappings, not both", at: "mappings") }
      sections += list
    }
    var mappings: [RowMapping] = []
    for entry in sections {
      guard let mapping = RowMapping(entry, prefix: prefix, reserved: reserved) else { continue }
      if let other = mappings.first(where: { $0.familyName == mapping.familyName }) {
        entry.report(
          other.metric == mapping.metric
            ? "\"\(mapping.metric)\" stands twice"
            : "\"\(mapping.metric)\" and \"\(other.metric)\" are one name in OpenMetrics",
          at: "metric"
        )
      } else {
        mappings.append(mapping)
      }
    }
    return mappings
  }

  private static func check(
    _ section: Section,
    _ value: String?,
    _ aggregate: Aggregate?,
    _ format: Format,
    _ kind: Kind
  ) {
    if value == nil {
      if let aggregate, aggregate != .count {
        section.report("\(aggregate.rawValue) needs a value column", at: "aggregate")
      }
      if section.has("format") { section.report("has no effect without value", at: "format") }
      if section.has("scale") { section.report("has no effect without value", at: "scale") }
    }
    if kind == .counter, let aggregate, [.avg, .min, .max].contains(aggregate) {
      section.report("a counter is a count, a sum or the last value", at: "aggregate")
    }
    guard format == .timestamp, value != nil else { return }
    if kind == .counter { section.report("a time is no counter", at: "type") }
    if let aggregate, [.sum, .avg].contains(aggregate) {
      section.report("times are combined by min, max or last", at: "aggregate")
    }
  }

  private static func labels(
    _ section: Section,
    _ reserved: Set<String>,
    _ allowsIdentifiers: Bool
  ) -> [LabelColumn] {
    let entries = section.stringMap("labels") ?? []
    let names = entries.map(\.name)
    let values = section.valueMaps(names)
    let allowed = section.allowLists(names)
    var labels: [LabelColumn] = []
    for entry in entries {
      let isReserved =
        reserved.contains(entry.name) || ["target", "le", "quantile"].contains(entry.name)
      if isReserved || entry.name.hasPrefix("__") || !ExpositionValidator.isLabelName(entry.name) {
        section.report("\"\(entry.name)\" cannot be a label's name here", at: "labels")
        continue
      }
      if entry.value.isEmpty {
        section.report("the label \"\(entry.name)\" names no column", at: "labels")
      }
      if !allowsIdentifiers, allowed[entry.name] == nil,
        Identifier.isSuspicious(column: entry.value)
      {
        section.report(
          "the column \"\(entry.value)\" would put identifiers into the label \"\(entry.name)\": "
            + "take another column, list the values that may be shown below allow, or set "
            + "allow_identifiers: true",
          at: "labels"
        )
      }
      labels.append(
        LabelColumn(
          label: entry.name,
          column: entry.value,
          values: values[entry.name] ?? [:],
          allowed: allowed[entry.name]
        )
      )
    }
    return labels
  }
}

extension Section {
  /// `values`: other words for a label's values, below the label's name, or for all labels at once.
  fileprivate func valueMaps(_ labels: [String]) -> [String: [String: String]] {
    guard isMapping("values"), case .mapping(let entries) = node("values")?.content else {
      // Whatever it is, it is reported as no mapping.
      _ = stringMap("values")
      return [:]
    }
    let isByLabel = entries.contains { entry in
      if case .mapping = entry.value.content { true } else { false }
    }
    var maps: [String: [String: String]] = [:]
    func texts(_ pairs: [(name: String, value: String, mark: Mark)]?) -> [String: String] {
      Dictionary((pairs ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }
    guard isByLabel else {
      let all = texts(stringMap("values"))
      for label in labels { maps[label] = all }
      return maps
    }
    guard let section = section("values") else { return maps }
    for label in labels where section.has(label) { maps[label] = texts(section.stringMap(label)) }
    section.finish()
    return maps
  }

  /// `allow`: the values that a label may show, below the label's name, or a list for the only label.
  fileprivate func allowLists(_ labels: [String]) -> [String: Set<String>] {
    guard has("allow") else { return [:] }
    guard isMapping("allow") else {
      let list = strings("allow")
      guard let list, labels.count == 1 else {
        if list != nil { report("name the label: allow: {label: [value]}", at: "allow") }
        return [:]
      }
      return [labels[0]: Set(list)]
    }
    var lists: [String: Set<String>] = [:]
    guard let section = section("allow") else { return lists }
    for label in labels {
      if let list = section.strings(label) { lists[label] = Set(list) }
    }
    section.finish()
    return lists
  }

  /// Whether a configured metric name is valid, starts with the vendor's prefix and suits its type.
  public func acceptsMetric(_ name: String, prefix: String, kind: RowMapping.Kind) -> Bool {
    var isRight = true
    func complain(_ text: String) {
      report(text, at: "metric")
      isRight = false
    }
    if !ExpositionValidator.isMetricName(name) || name.contains(":") {
      complain("\"\(name)\" is no metric name: letters, digits and \"_\"")
    } else if !name.hasPrefix(prefix + "_") {
      complain("\"\(name)\" must start with \"\(prefix)_\"")
    }
    if kind == .counter, !name.hasSuffix("_total") {
      complain("a counter's name ends in _total")
    }
    let reserved = ["_total", "_bucket", "_count", "_sum", "_created", "_info"]
    if kind == .gauge, let suffix = reserved.first(where: name.hasSuffix) {
      complain("a gauge's name does not end in \(suffix)")
    }
    return isRight
  }
}

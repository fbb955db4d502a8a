public import ConfigurationFile
import Exposition

/// How a vendor's table becomes one family.
public struct RowMapping: Sendable, Equatable {
  /// How the rows with equal labels become one value.
  public enum Aggregate: String, Sendable, CaseIterable {
    case count, sum, avg, min, max, last
  }

  /// What the family is.
  public enum Kind: String, Sendable, CaseIterable {
    case gauge
    /// A day-to-date total that goes through the ledger.
    case counter
  }

  /// A label and the column that gives its value.
  public struct LabelColumn: Sendable, Equatable {
    /// The label's name.
    public let label: String
    /// The column's name; its case does not matter.
    public let column: String
  }

  /// The family's full name, starting with the vendor's prefix.
  public let metric: String
  /// The family's HELP.
  public let help: String
  /// The labels, sorted by name.
  public let labels: [LabelColumn]
  /// The column with the value; without it rows are counted.
  public let value: String?
  /// How rows are combined.
  public let aggregate: Aggregate
  /// A factor for every value.
  public let scale: Double
  /// Gauge or counter.
  public let kind: Kind
  /// The most series of the family for one target.
  public let maxSeries: Int

  /// Reads a mapping; nil where an error was recorded.
  public init?(_ section: Section, prefix: String) {
    let metric = section.requiredString("metric")
    let help = section.requiredString("help")
    var labels: [LabelColumn] = []
    for entry in section.stringMap("labels") ?? [] {
      if ExpositionValidator.isLabelName(entry.name), !entry.name.hasPrefix("__"),
        entry.name != "target"
      {
        labels.append(LabelColumn(label: entry.name, column: entry.value))
      } else {
        section.report("\"\(entry.name)\" cannot be a label's name here", at: "labels")
      }
    }
    let value = section.string("value")
    let aggregate = section.choice("aggregate", as: Aggregate.self)
    let kind = section.choice("type", as: Kind.self) ?? .gauge
    let scale = section.number("scale", in: -1e18...1e18)
    let maxSeries = section.integer("max_series", in: 1...100_000)
    section.finish()

    if value == nil, let aggregate, aggregate != .count {
      section.report("\(aggregate.rawValue) needs a value column", at: "aggregate")
    }
    guard let metric, let help, section.acceptsMetric(metric, prefix: prefix, kind: kind) else {
      return nil
    }
    self.metric = metric
    self.help = help
    self.labels = labels.sorted { $0.label < $1.label }
    self.value = value
    self.aggregate = aggregate ?? (value == nil ? .count : .sum)
    self.scale = scale ?? 1
    self.kind = kind
    self.maxSeries = maxSeries ?? 1000
  }
}

extension Section {
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

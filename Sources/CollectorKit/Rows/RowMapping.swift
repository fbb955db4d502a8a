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

  /// How the value column is written.
  public enum Format: String, Sendable, CaseIterable {
    /// Numbers, and texts that are one.
    case number
    /// `DD HH:MM:SS` or `HH:MM:SS`, as seconds.
    case duration
    /// An ISO 8601 date, or Unix seconds or milliseconds, as Unix seconds.
    case timestamp
  }

  /// A label and the column that gives its value.
  public struct LabelColumn: Sendable, Equatable {
    /// The label's name.
    public let label: String
    /// The column's name; its case does not matter.
    public let column: String
    /// Other words for some of the column's values.
    public let values: [String: String]
    /// The values that may be shown, behind `values`: all others are `other`; nil for every value.
    public let allowed: Set<String>?

    /// A label that shows a column.
    public init(
      label: String,
      column: String,
      values: [String: String] = [:],
      allowed: Set<String>? = nil
    ) {
      self.label = label
      self.column = column
      self.values = values
      self.allowed = allowed
    }
  }

  /// The family's full name, starting with the vendor's prefix.
  public let metric: String
  /// The family's HELP.
  public let help: String
  /// The labels, sorted by name.
  public let labels: [LabelColumn]
  /// The column with the value; without it rows are counted.
  public let value: String?
  /// How the value is written.
  public let format: Format
  /// How rows are combined.
  public let aggregate: Aggregate
  /// A factor for every value.
  public let scale: Double
  /// Gauge or counter.
  public let kind: Kind
  /// The most series that one table makes; what is past it becomes one series more, `other`.
  public let maxSeries: Int
  /// Whether labels may look like e-mail addresses, telephone numbers and ids.
  public let allowsIdentifiers: Bool

  /// The family that it makes.
  public var family: ConfiguredFamily {
    ConfiguredFamily(metric: metric, kind: kind, help: help)
  }

  /// The family's name in OpenMetrics, which no other family may have.
  public var familyName: String { family.familyName }

  /// The label value for what is not shown on its own.
  public static let other = "other"

  /// A mapping that is known to be valid: `init(_:prefix:reserved:)` checks one.
  public init(
    metric: String,
    help: String,
    labels: [LabelColumn] = [],
    value: String? = nil,
    format: Format = .number,
    aggregate: Aggregate? = nil,
    scale: Double = 1,
    kind: Kind = .gauge,
    maxSeries: Int = 1000,
    allowsIdentifiers: Bool = false
  ) {
    self.metric = metric
    self.help = help
    self.labels = labels.sorted { $0.label < $1.label }
    self.value = value
    self.format = format
    self.aggregate =
      aggregate ?? (value == nil ? .count : format == .timestamp ? .max : .sum)
    self.scale = scale
    self.kind = kind
    self.maxSeries = maxSeries
    self.allowsIdentifiers = allowsIdentifiers
  }
}

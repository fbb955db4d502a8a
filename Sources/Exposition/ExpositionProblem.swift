/// What is wrong with a metric family, or why it cannot stand beside another one.
public struct ExpositionProblem: Hashable, Sendable, CustomStringConvertible {
  /// The rule that is broken.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A metric name outside `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    case metricName
    /// A counter without `_total`, an info without `_info`, or a suffix that belongs to another type.
    case metricSuffix
    /// A family without a HELP text.
    case help
    /// A label name outside `[a-zA-Z_][a-zA-Z0-9_]*`, or one that is reserved.
    case labelName
    /// A label name twice in one set.
    case duplicateLabel
    /// A value that the family's type does not allow.
    case value
    /// A histogram whose buckets are not cumulative, ascending and closed by infinity.
    case buckets
    /// Samples in a histogram family, or histograms in a family of another type.
    case series
    /// A family that came before under the same name with another type or another HELP.
    case conflictingFamily
    /// A family whose OpenMetrics names another family has taken.
    case clashingName
    /// A series that came before with the same labels.
    case duplicateSeries
  }

  /// The rule that is broken.
  public let kind: Kind
  /// The family's full Prometheus name.
  public let family: String
  /// Where, what was seen and what is expected, in one line.
  public let detail: String

  /// A problem of the named family.
  public init(_ kind: Kind, family: String, detail: String) {
    self.kind = kind
    self.family = family
    self.detail = detail
  }

  /// The family and the detail in one line.
  public var description: String {
    "metric family \(family.debugDescription): \(detail)"
  }
}

extension LabelSet {
  /// The set as it is written, cut where it would make a message too long.
  var summary: String {
    var bytes: [UInt8] = []
    bytes.appendLabels(self)
    if bytes.isEmpty { return "without labels" }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.count > 200 ? text.prefix(200) + "…" : text
  }
}

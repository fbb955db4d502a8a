/// A family that the configuration names: targets that share it must agree about it.
public struct ConfiguredFamily: Hashable, Sendable {
  /// The full name, a counter's with `_total`.
  public let metric: String
  /// Gauge or counter.
  public let kind: RowMapping.Kind
  /// The HELP.
  public let help: String

  /// A family as it is configured.
  public init(metric: String, kind: RowMapping.Kind, help: String) {
    self.metric = metric
    self.kind = kind
    self.help = help
  }

  /// The name in OpenMetrics, which no other family may have: a counter's is without `_total`.
  public var familyName: String {
    kind == .counter && metric.hasSuffix("_total") ? String(metric.dropLast(6)) : metric
  }
}

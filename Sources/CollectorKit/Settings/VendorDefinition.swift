public import ConfigurationFile

/// What a vendor's folder offers: one entry in the table of built-in collectors.
public struct VendorDefinition: Sendable {
  /// The name as in `vendor:` and in the label `vendor`.
  public let name: String
  /// The limits that hold where a target gives none of its own.
  public let rateLimits: [RateLimit]
  /// Decodes a target's section, rejecting unknown keys; nil where an error was recorded.
  public let decode: @Sendable (Section, TargetSettings) -> ConfiguredCollector?

  /// A vendor with its name, its limits and its decoder.
  public init(
    name: String,
    rateLimits: [RateLimit],
    decode: @escaping @Sendable (Section, TargetSettings) -> ConfiguredCollector?
  ) {
    self.name = name
    self.rateLimits = rateLimits
    self.decode = decode
  }
}

/// A target's collector and what identifies its request budget.
public struct ConfiguredCollector: Sendable {
  /// The collector, ready to poll.
  public let collector: any Collector
  /// What the vendor counts requests by: an API key, a bot, a workspace.
  ///
  /// Targets with equal credentials share a budget. It may hold a secret and is never shown.
  public let credential: String

  /// Pairs a collector with its credential.
  public init(collector: any Collector, credential: String) {
    self.collector = collector
    self.credential = credential
  }
}

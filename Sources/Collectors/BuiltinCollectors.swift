public import CollectorKit

/// The vendors that this agent knows: a new vendor is one line here.
public enum BuiltinCollectors {
  /// Every vendor's definition, in the order in which they are suggested.
  public static let all: [VendorDefinition] = [
    ExperiaCollector.definition,
    SamespaceCollector.definition,
    RocketChatCollector.definition,
    KoreCollector.definition,
  ]

  /// The definition with that name.
  public static func definition(named name: String) -> VendorDefinition? {
    all.first { $0.name == name }
  }
}

/// The counter family to which an observation belongs.
public struct CounterFamily: Hashable, Sendable {
  /// The full Prometheus name, ending in `_total`.
  public let name: String
  /// One static line for people.
  public let help: String

  /// A counter family; families with the same name are one family, and the newest HELP counts.
  public init(name: String, help: String) {
    self.name = name
    self.help = help
  }
}

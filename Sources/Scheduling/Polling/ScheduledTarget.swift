public import CollectorKit

/// A target that is ready to be polled.
public struct ScheduledTarget: Sendable {
  /// The settings common to all vendors.
  public let settings: TargetSettings
  /// The vendor's code for it.
  public let collector: any Collector
  /// Its credential's budget.
  public let budget: RequestBudget
  /// Equal for targets whose configuration is the same; may hold secrets and is never shown.
  let fingerprint: String

  /// A target with its collector and its budget.
  ///
  /// - Parameters:
  ///   - settings: The settings common to all vendors.
  ///   - collector: The vendor's code for it.
  ///   - budget: Its credential's budget.
  ///   - fingerprint: What the target's configuration comes to: a change of it is a change of the
  ///     target.
  public init(
    settings: TargetSettings,
    collector: any Collector,
    budget: RequestBudget,
    fingerprint: String = ""
  ) {
    self.fingerprint = fingerprint
    self.settings = settings
    self.collector = collector
    self.budget = budget
  }
}

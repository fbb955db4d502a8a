public import CollectorKit

/// A target that is ready to be polled.
public struct ScheduledTarget: Sendable {
  /// The settings common to all vendors.
  public let settings: TargetSettings
  /// The vendor's code for it.
  public let collector: any Collector
  /// Its credential's budget.
  public let budget: RequestBudget

  /// A target with its collector and its budget.
  public init(settings: TargetSettings, collector: any Collector, budget: RequestBudget) {
    self.settings = settings
    self.collector = collector
    self.budget = budget
  }
}

public import CollectorKit

extension RequestBudget {
  /// A way through the budget for requests that belong to no poll.
  ///
  /// - Parameter patience: The most seconds that one request waits for a slot.
  /// - Returns: A gate for one target's client.
  public func gate(patience: Double) -> any RequestGate {
    TargetGate(budget: self, statistics: TargetStatistics(), patience: patience)
  }
}

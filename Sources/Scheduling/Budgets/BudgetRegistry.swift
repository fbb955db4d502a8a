public import CollectorKit
import Synchronization

/// The budgets by credential: targets with the same credential get the same one.
///
/// The registry belongs to the agent, not to a run of its poll loops.
public final class BudgetRegistry: Sendable {
  private let time: any TimeSource
  private let budgets = Mutex<[String: RequestBudget]>([:])

  /// A registry without budgets.
  public init(time: any TimeSource) {
    self.time = time
  }

  /// The budget for a credential, made at the first call.
  ///
  /// - Parameters:
  ///   - credential: What the vendor counts by; kept in memory only.
  ///   - vendor: The vendor's name.
  ///   - target: The target that asks; names the budget where it is the first.
  ///   - limits: The limits; a budget that exists takes them over.
  /// - Returns: The credential's budget.
  public func budget(
    credential: String,
    vendor: String,
    target: String,
    limits: [RateLimit]
  ) -> RequestBudget {
    budgets.withLock { budgets in
      if let known = budgets[credential] {
        if known.limits != limits { known.change(limits: limits) }
        return known
      }
      let budget = RequestBudget(name: target, vendor: vendor, limits: limits, time: time)
      budgets[credential] = budget
      return budget
    }
  }
}

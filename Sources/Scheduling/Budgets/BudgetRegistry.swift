public import CollectorKit
import Synchronization

/// The budgets by credential: targets with the same credential get the same one.
///
/// The registry belongs to the agent, not to a run of its poll loops.
public final class BudgetRegistry: Sendable {
  private let time: any TimeSource
  private let storage: BudgetStorage?
  private let budgets = Mutex<[String: RequestBudget]>([:])

  /// A registry without budgets.
  ///
  /// - Parameters:
  ///   - time: The clocks.
  ///   - storage: Where the budgets are kept; nil keeps them in memory only.
  public init(time: any TimeSource, storage: BudgetStorage? = nil) {
    self.time = time
    self.storage = storage
  }

  /// The budget for a credential, made at the first call.
  ///
  /// - Parameters:
  ///   - credential: A digest of what the vendor counts by: it names the budget on the disk.
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
      let budget = RequestBudget(
        name: target,
        vendor: vendor,
        limits: limits,
        time: time,
        stored: storage?.budget(digest: credential)
      )
      budgets[credential] = budget
      return budget
    }
  }

  /// Removes what is kept of budgets that nobody asked for and that have long been free.
  public func removeUnused() {
    storage?.removeUnused(except: Set(budgets.withLock { $0.keys }), time)
  }
}

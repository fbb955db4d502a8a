import CollectorKit
import ConfigurationFile
import Scheduling

/// What the polls of a budget's targets need, against one of its limits.
struct BudgetPlan: Sendable {
  let vendor: String
  let budget: String
  let limit: RateLimit
  let planned: Double

  var isOver: Bool { planned > Double(limit.requests) }

  /// `60 of 200 requests in 1h`.
  var text: String {
    let number = planned.rounded() == planned ? String(Int(planned)) : String(rounded)
    return "\(number) of \(limit.requests) requests in \(BudgetPlan.text(limit.window))"
  }

  private var rounded: Double { (planned * 10).rounded() / 10 }

  /// A window's length as configured: `1h`.
  static func text(_ window: Double) -> String {
    ConfigurationDuration.text(.seconds(window))
  }

  /// Every limit of every budget.
  static func all(of budgets: [RequestBudget]) -> [BudgetPlan] {
    budgets.flatMap { budget in
      budget.status.map { window in
        BudgetPlan(
          vendor: budget.vendor,
          budget: budget.name,
          limit: window.limit,
          planned: window.planned
        )
      }
    }
  }
}

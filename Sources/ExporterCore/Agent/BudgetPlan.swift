import CollectorKit
import ConfigurationFile
import Scheduling

/// What the polls of a budget's targets need, against one of its limits.
struct BudgetPlan: Sendable {
  let vendor: String
  let budget: String
  let limit: RateLimit
  let planned: Double

  /// Whether the plan asks for more than the limit; a sum's rounding error is no request.
  var isOver: Bool { planned > Double(limit.requests) + BudgetPlan.rounding }

  /// `60 of 200 requests in 1h`.
  var text: String {
    let whole = planned.rounded()
    let number = abs(whole - planned) <= BudgetPlan.rounding ? String(Int(whole)) : String(tenths)
    return "\(number) of \(limit.requests) requests in \(BudgetPlan.text(limit.window))"
  }

  /// Rounded up, so that a plan that is over its limit reads so.
  private var tenths: Double { (planned * 10).rounded(.up) / 10 }

  private static let rounding = 1e-6

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

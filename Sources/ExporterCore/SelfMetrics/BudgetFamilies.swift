import CollectorKit
import Exposition
import Scheduling

/// The families about request budgets.
struct BudgetFamilies {
  let budgets: [RequestBudget]
  /// Unix seconds.
  let now: Double

  var families: [MetricFamily] {
    let windows = budgets.flatMap { budget in
      budget.status.map { window in
        let labels: LabelSet = [
          "vendor": budget.vendor, "budget": budget.name,
          "window": BudgetPlan.text(window.limit.window),
        ]
        return (labels: labels, window: window)
      }
    }
    func family(
      _ name: String,
      _ help: String,
      _ value: (RequestBudget.WindowStatus) -> Double
    ) -> MetricFamily {
      MetricFamily(
        name: name,
        type: .gauge,
        help: help,
        samples: windows.map { Sample(labels: $0.labels, value: value($0.window)) }
      )
    }
    return [
      family(
        "cx_exporter_rate_limit_requests",
        "Requests that the budget allows in any window of that length."
      ) { Double($0.limit.requests) },
      family(
        "cx_exporter_rate_limit_remaining_requests",
        "Requests that the budget would allow at once."
      ) { Double($0.remaining) },
      family(
        "cx_exporter_rate_limit_planned_requests",
        "Requests that the configured polls need in a window, on average."
      ) { $0.planned },
      family(
        "cx_exporter_rate_limit_reset_timestamp_seconds",
        "When the budget allows the next request: now, unless it is used up or blocked."
      ) { now + $0.resetIn },
    ]
  }
}

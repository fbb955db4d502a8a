import CollectorKit
import ConfigurationFile
import Testing

@testable import ExporterCore

/// The request plan against the rate limits, as `check` shows it.
@Suite struct BudgetTests {
  struct Case: Sendable {
    let planned: Double
    let limit: RateLimit
    let text: String
    let isOver: Bool
  }

  static let cases = [
    Case(
      planned: 60,
      limit: RateLimit(requests: 200, window: 3600),
      text: "60 of 200 requests in 1h",
      isOver: false
    ),
    Case(
      planned: 200,
      limit: RateLimit(requests: 200, window: 3600),
      text: "200 of 200 requests in 1h",
      isOver: false
    ),
    // Six targets every 108 s: a sum's rounding error is no request.
    Case(
      planned: 200.000_000_000_000_03,
      limit: RateLimit(requests: 200, window: 3600),
      text: "200 of 200 requests in 1h",
      isOver: false
    ),
    Case(
      planned: 200.04,
      limit: RateLimit(requests: 200, window: 3600),
      text: "200.1 of 200 requests in 1h",
      isOver: true
    ),
    Case(
      planned: 14,
      limit: RateLimit(requests: 10, window: 60),
      text: "14 of 10 requests in 1m",
      isOver: true
    ),
    Case(
      planned: 0.5,
      limit: RateLimit(requests: 1, window: 90),
      text: "0.5 of 1 requests in 1m30s",
      isOver: false
    ),
  ]

  @Test(arguments: cases)
  func texts(_ item: Case) {
    let plan = BudgetPlan(
      vendor: "v",
      budget: "b",
      limit: item.limit,
      planned: item.planned
    )
    #expect(plan.text == item.text)
    #expect(plan.isOver == item.isOver)
  }

  /// One line a limit: the plans of the targets that share a credential add up.
  @Test func plansOfAConfiguration() throws {
    let configuration = try ConfigurationText.decode(
      "targets:\n"
        + ConfigurationText.experia("a", more: ", periods: [daily, weekly]")
        + ConfigurationText.experia("b", more: ", interval: 30s")
        + ConfigurationText.experia("c", key: "k-2")
          + """
            - {name: d, vendor: rocketchat, url: "http://d", user_id: u, auth_token: t, departments:
              [{name: all}, {name: sales, id: s}]}
            - {name: e, vendor: samespace, url: "http://e", api_key: k, dashboards: [{id: d}]}
          """
    )
    let plans = CheckCommand.plans(configuration)
    #expect(
      plans.map { "\($0.budget) \($0.vendor) \($0.text) \($0.isOver)" } == [
        // Two a minute and one every half minute.
        "a experia 240 of 200 requests in 1h true", "c experia 60 of 200 requests in 1h false",
        // Seven charts of two departments.
        "d rocketchat 14 of 10 requests in 1m true",
      ]
    )
    #expect(
      CheckCommand.line(configuration.targets[0])
        == "target a (experia): every 1m 2 requests (2 views and periods)"
    )
  }

  /// Targets that use exactly what is allowed are within their budget.
  @Test(arguments: [(6, "108s"), (24, "432s"), (20, "6m")])
  func aPlanThatUsesEverySlot(_ count: Int, _ interval: String) throws {
    let targets = (0..<count).map {
      ConfigurationText.experia("t\($0)", more: ", interval: \(interval), stale_after: 1h")
    }
    let plans = CheckCommand.plans(try ConfigurationText.decode("targets:\n" + targets.joined()))
    #expect(plans.map(\.text) == ["200 of 200 requests in 1h"])
    #expect(plans.allSatisfy { !$0.isOver })
  }
}

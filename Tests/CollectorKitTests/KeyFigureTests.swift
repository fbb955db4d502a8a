import CollectorKit
import Exposition
import Testing

/// A figure finds its bound by the labels that both have.
@Suite struct KeyFigureTests {
  private static func configured(_ samples: [(LabelSet, Double)]) -> [MetricFamily] {
    [
      MetricFamily(
        name: "bound",
        type: .gauge,
        help: "Bound.",
        samples: samples.map { Sample(labels: $0.0, value: $0.1) }
      )
    ]
  }

  /// experia_sla_objective_ratio has no `period`; both have `view` and `sla`.
  @Test func theFigureMayHaveMoreLabels() {
    let figure = KeyFigure(
      "SLA",
      family: "compliance",
      bound: KeyFigure.Bound(.atLeast, family: "bound")
    )
    let configured = KeyFigureTests.configured([
      (["view": "all", "sla": "response"], 0.9), (["view": "x", "sla": "response"], 0.8),
    ])
    func limit(_ labels: LabelSet) -> Double? { figure.limit(for: labels, in: configured) }
    #expect(limit(["target": "a", "view": "x", "period": "daily", "sla": "response"]) == 0.8)
    #expect(limit(["target": "a", "view": "all", "period": "daily", "sla": "response"]) == 0.9)
    #expect(limit(["target": "a", "view": "all", "period": "daily", "sla": "waiting"]) == nil)
    #expect(limit(["target": "a"]) == nil)
  }

  /// rocketchat_omnichannel_sla_threshold_seconds has `sla`, the average has not.
  @Test func theBoundMayHaveMoreLabels() {
    let figure = KeyFigure(
      "First response",
      family: "average",
      bound: KeyFigure.Bound(.atMost, family: "bound", labels: ["sla": "first_response"])
    )
    let configured = KeyFigureTests.configured([
      (["department": "all", "sla": "response"], 120),
      (["department": "all", "sla": "first_response"], 60),
    ])
    #expect(figure.limit(for: ["department": "all"], in: configured) == 60)
    #expect(figure.limit(for: ["department": "sales"], in: configured) == nil)
    #expect(figure.limit(for: ["department": "all"], in: []) == nil)
  }

  @Test func matchesBySelectedLabels() {
    let figure = KeyFigure("Waiting", family: "f", selecting: ["sla": "waiting"])
    #expect(figure.matches(["view": "all", "sla": "waiting"]))
    #expect(!figure.matches(["view": "all", "sla": "response"]))
    #expect(!figure.matches([:]))
  }
}

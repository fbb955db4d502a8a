import CollectorKit
import Exposition

extension ExperiaCollector {
  /// Service levels against their objectives, then how much there is to do and how fast it goes.
  var keyFigures: [KeyFigure] {
    let levels = [
      ("Response SLA", "response"), ("Waiting SLA", "waiting"), ("Service SLA", "service"),
    ]
    return levels.map { title, level in
      KeyFigure(
        title,
        family: "experia_sla_compliance_ratio",
        unit: .ratio,
        selecting: ["sla": level],
        qualifiers: ["view", "period"],
        bound: KeyFigure.Bound(.atLeast, family: "experia_sla_objective_ratio")
      )
    } + [
      figure("Sessions", "experia_period_sessions"),
      figure("Waiting time, average", "experia_waiting_time_average_seconds", .seconds),
      figure("Response time, average", "experia_response_time_average_seconds", .seconds),
      figure("CSAT", "experia_csat_ratio", .ratio),
    ]
  }

  private func figure(
    _ title: String,
    _ family: String,
    _ unit: KeyFigure.Unit = .number
  ) -> KeyFigure {
    KeyFigure(title, family: family, unit: unit, qualifiers: ["view", "period"])
  }
}

import CollectorKit
import Exposition

extension RocketChatCollector {
  /// The day's averages against their thresholds, and how much there was to do.
  var keyFigures: [KeyFigure] {
    let levels: [(title: String, chart: RocketChatChart, level: String)] = [
      ("First response, average", .averageFirstResponseTime, "first_response"),
      ("Response, average", .averageResponseTime, "response"),
      ("Reaction, average", .averageReactionTime, "reaction"),
    ]
    return levels.map { entry in
      KeyFigure(
        entry.title,
        family: entry.chart.gauge,
        unit: .seconds,
        qualifiers: ["department"],
        bound: KeyFigure.Bound(
          .atMost,
          family: "rocketchat_omnichannel_sla_threshold_seconds",
          labels: ["sla": entry.level]
        )
      )
    } + [
      KeyFigure(
        "Conversations today",
        family: RocketChatChart.totalConversations.gauge,
        qualifiers: ["department"]
      ),
      KeyFigure(
        "Messages today",
        family: RocketChatChart.totalMessages.gauge,
        qualifiers: ["department"]
      ),
    ]
  }
}

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
    return queue
      + levels.map { entry in
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

  /// How the queue stands, where it is asked for.
  private var queue: [KeyFigure] {
    guard configuration.realtime else { return [] }
    return [
      KeyFigure(
        "Chats queued",
        family: "rocketchat_omnichannel_chats",
        selecting: ["state": "queued"],
        qualifiers: ["department"]
      ),
      KeyFigure(
        "Agents available",
        family: "rocketchat_omnichannel_agents",
        selecting: ["status": "available"],
        qualifiers: ["department"]
      ),
      KeyFigure(
        "Waiting, average",
        family: "rocketchat_omnichannel_waiting_time_average_seconds",
        unit: .seconds,
        qualifiers: ["department"]
      ),
    ]
  }
}

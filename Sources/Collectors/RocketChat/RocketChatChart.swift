/// A chart of charts-data, by the name it is asked for (vendor page, "chartName").
///
/// Counts are whole numbers. Durations are seconds with up to two decimals, whatever the page says
/// of integers; a duration of 0 stands for "no conversation has one".
enum RocketChatChart: String, Sendable, CaseIterable {
  case totalConversations = "Total_conversations"
  case averageChatDuration = "Avg_chat_duration"
  case totalMessages = "Total_messages"
  case averageFirstResponseTime = "Avg_first_response_time"
  case averageReactionTime = "Avg_reaction_time"
  case bestFirstResponseTime = "Best_first_response_time"
  case averageResponseTime = "Avg_response_time"

  /// The gauge of the current day.
  var gauge: String {
    switch self {
    case .totalConversations: "rocketchat_omnichannel_period_conversations"
    case .averageChatDuration: "rocketchat_omnichannel_chat_duration_average_seconds"
    case .totalMessages: "rocketchat_omnichannel_period_messages"
    case .averageFirstResponseTime: "rocketchat_omnichannel_first_response_time_average_seconds"
    case .averageReactionTime: "rocketchat_omnichannel_reaction_time_average_seconds"
    case .bestFirstResponseTime: "rocketchat_omnichannel_first_response_time_best_seconds"
    case .averageResponseTime: "rocketchat_omnichannel_response_time_average_seconds"
    }
  }

  /// The counter that is derived from the days' totals; nil for what does not add up.
  var counter: String? {
    switch self {
    case .totalConversations: "rocketchat_omnichannel_conversations_total"
    case .totalMessages: "rocketchat_omnichannel_messages_total"
    case .averageChatDuration, .averageFirstResponseTime, .averageReactionTime,
      .bestFirstResponseTime, .averageResponseTime:
      nil
    }
  }

  /// Whether a day's value is a count, which adds up and may be 0.
  var isCount: Bool { counter != nil }

  /// What the value says, for HELP; days are those on which the conversations began.
  var meaning: String {
    switch self {
    case .totalConversations: "Conversations that began"
    case .averageChatDuration: "Average duration of the closed conversations that began"
    case .totalMessages: "Messages of agents in conversations that began"
    case .averageFirstResponseTime: "Average time to the first response in conversations that began"
    case .averageReactionTime:
      "Average time from an agent's assignment to the first reply in conversations that began"
    case .bestFirstResponseTime: "Shortest time to the first response in conversations that began"
    case .averageResponseTime:
      "Average response time in conversations that began"
    }
  }
}

/// One of the endpoints beside charts-data that tell how things stand now (Rocket.Chat's source,
/// `server/api/v1/omnichannel/dashboards.ts`); each costs a request a department and poll.
enum RocketChatLiveEndpoint: String, Sendable, CaseIterable {
  case chats = "charts/chats"
  case agents = "charts/agents-status"
  case conversations = "conversation-totalizers"
  case abandonment = "chats-totalizers"
  case productivity = "productivity-totalizers"

  /// Which conversations are asked for: those that began within it.
  enum Span: Sendable {
    /// The configured `realtime_window` up to now.
    case window
    /// The current UTC day.
    case day
    /// The endpoint takes no dates.
    case none
  }

  /// A figure of the answer and the gauge that it becomes.
  struct Field: Sendable {
    /// The vendor's member or title.
    let name: String
    let kind: RocketChatFigure.Kind
    let gauge: String
    /// What sets the field apart in a gauge of several.
    let label: (name: String, value: String)?
    /// What the gauge says, for HELP.
    let meaning: String
    /// The counter that is derived from the day's total.
    let counter: String?

    init(
      _ name: String,
      _ kind: RocketChatFigure.Kind,
      _ gauge: String,
      label: (name: String, value: String)? = nil,
      _ meaning: String,
      counter: String? = nil
    ) {
      self.name = name
      self.kind = kind
      self.gauge = "rocketchat_omnichannel_" + gauge
      self.label = label
      self.meaning = meaning
      self.counter = counter.map { "rocketchat_omnichannel_" + $0 }
    }
  }

  /// The path below the target's `url`.
  var path: String { "/api/v1/livechat/analytics/dashboards/" + rawValue }

  /// Which conversations it is about.
  var span: Span {
    switch self {
    case .chats: .window
    case .agents: .none
    case .conversations, .abandonment, .productivity: .day
    }
  }

  /// Whether the figures are a list of `totalizers`, and not members of the answer.
  var hasTotalizers: Bool { span == .day }

  /// The figures that are used; what charts-data says with more precision is left to it.
  var fields: [Field] {
    switch self {
    case .chats:
      [("open", "open"), ("queued", "queued"), ("onhold", "on_hold"), ("closed", "closed")].map {
        Field(
          $0.0,
          .count,
          "chats",
          label: ("state", $0.1),
          "Chats that began within realtime_window, by state: with an agent, queued for one, on "
            + "hold, closed"
        )
      }
    case .agents:
      ["available", "away", "busy", "offline"].map {
        Field(
          $0,
          .count,
          "agents",
          label: ("status", $0),
          "Agents by status; those who do not accept chats are offline"
        )
      }
    case .conversations:
      [
        Field(
          "Open_conversations",
          .count,
          "open_conversations",
          "Conversations that began on the current day and are open, queued ones included"
        ),
        Field(
          "On_Hold_conversations",
          .count,
          "on_hold_conversations",
          "Conversations that began on the current day and are on hold"
        ),
        Field(
          "Total_visitors",
          .count,
          "period_visitors",
          "Visitors of the current UTC day"
        ),
      ]
    case .abandonment:
      [
        Field(
          "Total_abandoned_chats",
          .count,
          "period_abandoned_chats",
          "Abandoned chats that began on the current UTC day",
          counter: "abandoned_chats_total"
        ),
        Field(
          "Avg_of_abandoned_chats",
          .percentage,
          "abandoned_chats_ratio",
          "Share of the chats that began on the current UTC day and were abandoned"
        ),
      ]
    case .productivity:
      [
        Field(
          "Avg_of_waiting_time",
          .duration,
          "waiting_time_average_seconds",
          "Average waiting time of the chats that began on the current UTC day, as the departments' "
            + "mean"
        )
      ]
    }
  }
}

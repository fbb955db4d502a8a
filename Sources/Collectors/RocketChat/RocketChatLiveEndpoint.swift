/// One of the endpoints beside charts-data that tell how things stand now (Rocket.Chat's source,
/// `server/api/v1/omnichannel/dashboards.ts` @a6b0bcdb); each costs a request a department and poll.
///
/// All figures that are used come from queries by instants. Those that the server takes from its
/// overview (Total, Open and On_Hold conversations, messages, the three averages of productivity) are
/// not: it cuts `start` and `end` down to their dates and reads these in the workspace's reporting
/// zone (`omnichannel-analytics/service.ts` @08bb48da), which the agent does not know.
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
    /// The current UTC day up to now, by when they were closed.
    case closed
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
    case .conversations, .productivity: .day
    case .abandonment: .closed
    }
  }

  /// Whether the figures are a list of `totalizers`, and not members of the answer.
  var hasTotalizers: Bool {
    switch self {
    case .chats, .agents: false
    case .conversations, .abandonment, .productivity: true
    }
  }

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
        // LivechatVisitors.getVisitorsBetweenDate: `_updatedAt` from start to end, two instants.
        Field(
          "Total_visitors",
          .count,
          "period_visitors",
          "Visitors whose record was last changed on the current UTC day"
        )
      ]
    case .abandonment:
      [RocketChatLiveEndpoint.abandonedChats]
    case .productivity:
      // LivechatRooms.findAllAverageWaitingTime @011fac0e: the sum of `metrics.response.ft` by the
      // rooms with `waitingResponse` other than true, `$ceil`; the handler takes the departments' mean.
      [
        Field(
          "Avg_of_waiting_time",
          .duration,
          "waiting_time_average_seconds",
          "Mean of the departments' average times to the first response, each rounded up to seconds, "
            + "over the chats that began on the current UTC day and do not wait for an answer; a chat "
            + "without a response counts as 0"
        )
      ]
    }
  }

  /// `Total_abandoned_chats`: LivechatRooms.findAllNumberOfAbandonedRooms @011fac0e counts the rooms
  /// with `ts >= start` and `closedAt <= end`.
  ///
  /// `Avg_of_abandoned_chats` beside it is the plain mean of the departments' percentages, each
  /// rounded down (`findPercentageOfAbandonedRooms`, `getChatsMetricsAsync`): no share of the chats,
  /// and so not used.
  static let abandonedChats = Field(
    "Total_abandoned_chats",
    .count,
    "period_abandoned_chats",
    "Abandoned chats that began on the current UTC day",
    counter: "abandoned_chats_total"
  )

  /// Whether an answer has any of the figures.
  func isKnown(in figures: [String: RocketChatFigure]) -> Bool {
    fields.contains { figures[$0.name] != nil }
  }

  /// A gauge that is the sum of figures of one answer.
  struct Sum: Sendable {
    /// The members whose values add up.
    let names: [String]
    let gauge: String
    let meaning: String
  }

  /// The gauges that are sums; such a gauge is left out if a figure of it has no value.
  var sums: [Sum] {
    guard self == .chats else { return [] }
    return [
      Sum(
        names: ["open", "queued"],
        gauge: "rocketchat_omnichannel_open_conversations",
        meaning:
          "Conversations that began within realtime_window and are open, queued ones included"
      ),
      Sum(
        names: ["onhold"],
        gauge: "rocketchat_omnichannel_on_hold_conversations",
        meaning: "Conversations that began within realtime_window and are on hold"
      ),
    ]
  }
}

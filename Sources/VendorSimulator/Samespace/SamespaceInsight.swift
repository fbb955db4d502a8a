/// An insight of the simulated dashboard.
struct SamespaceInsight: Sendable {
  /// What an insight's data is made of.
  enum Content: Sendable {
    /// Events in the window.
    case count(Series)
    /// The mean of a time in seconds over the window.
    case mean(ServiceQuality, over: Series)
    /// A table of calls by team.
    case table
  }

  static let inbound = Series("answered_inbound", perDay: 900)
  static let outbound = Series("answered_outbound", perDay: 520)
  static let abandoned = Series("abandoned_inbound", perDay: 64)
  static let teams = [("Sales", 0.35), ("Support", 0.5), ("Billing", 0.15)]

  let id: String
  /// The title on the dashboard.
  let title: String
  /// The title in the data: not the dashboard's, and not unique.
  let dataTitle: String
  let timeRange: String
  let content: Content

  var isStat: Bool {
    if case .table = content { false } else { true }
  }

  static let all = [
    SamespaceInsight(
      id: "6470840db289a50051bd67e6",
      title: "Answered (Inbound)",
      dataTitle: "Answered",
      timeRange: "PAST_HOUR",
      content: .count(inbound)
    ),
    SamespaceInsight(
      id: "64708411b289a50051bd6802",
      title: "Answered (Outbound)",
      dataTitle: "Answered",
      timeRange: "PAST_HOUR",
      content: .count(outbound)
    ),
    SamespaceInsight(
      id: "64708415b289a50051bd6803",
      title: "Abandoned (Inbound)",
      dataTitle: "Abandoned",
      timeRange: "PAST_HOUR",
      content: .count(abandoned)
    ),
    SamespaceInsight(
      id: "64708419b289a50051bd6804",
      title: "Average Talk Time (Inbound)",
      dataTitle: "Average Talk Time",
      timeRange: "PAST_HOUR",
      content: .mean(ServiceQuality(median: 140, slope: 0.4), over: inbound)
    ),
    SamespaceInsight(
      id: "6470841db289a50051bd6805",
      title: "Calls by Team",
      dataTitle: "Calls by Team",
      timeRange: "PAST_HOUR",
      content: .table
    ),
  ]
}

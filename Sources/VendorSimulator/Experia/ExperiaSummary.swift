/// Experia's figures for a period, as the simulator has them: what the dashboard's answer says,
/// before it is written as JSON.
public struct ExperiaSummary: Equatable, Sendable {
  /// Sessions created.
  public let totalSessions: Int
  /// Sessions closed.
  public let totalClosedSessions: Int
  /// Sessions handed to another agent.
  public let totalTransferred: Int
  /// Messages.
  public let totalMessages: Int
  /// Tags set.
  public let totalTags: Int
  /// Uses of templates.
  public let totalTemplateUsage: Int
  /// Uses of predefined messages.
  public let totalPredefinedMessages: Int
  /// Distinct clients: those of two days do not add up.
  public let totalClients: Int
  /// Seconds that agents were online, all of them together.
  public let agentOnlineSeconds: Int
  /// Seconds.
  public let averageWaitingTime: Int
  /// Seconds.
  public let averageResponseTime: Int
  /// Seconds.
  public let averageServiceTime: Int
  /// Seconds.
  public let minServiceTime: Int
  /// Seconds.
  public let maxServiceTime: Int
  /// Customer satisfaction, percent.
  public let csat: Double
  /// First contact resolution, percent.
  public let fcr: Double
  /// Net promoter score, -100 to 100.
  public let nps: Double
  /// Tags for a hundred closed sessions.
  public let totalTagsPercent: Double
  /// The hour of the day with the most sessions.
  public let peakHour: Int
  /// The hour of the day with the fewest sessions.
  public let weakHour: Int
}

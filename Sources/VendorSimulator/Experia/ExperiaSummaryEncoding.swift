/// Writes a summary the way Experia prints it.
enum ExperiaSummaryEncoding {
  /// The members in the order of the vendor's sample, up to `sla`.
  static func members(of summary: ExperiaSummary) -> [JSONValue.Member] {
    let values: [(String, JSONValue)] = [
      ("totalSessions", .integer(summary.totalSessions)),
      ("averageWaitingTime", duration(summary.averageWaitingTime)),
      ("averageResponseTime", duration(summary.averageResponseTime)),
      ("averageServiceTime", duration(summary.averageServiceTime)),
      ("minServiceTime", duration(summary.minServiceTime)),
      ("maxServiceTime", duration(summary.maxServiceTime)),
      ("CSAT", .rounded(summary.csat, decimals: 1)),
      ("FCR", .rounded(summary.fcr, decimals: 1)),
      ("NPS", .rounded(summary.nps, decimals: 1)),
      ("agentTotalTimeOnline", duration(summary.agentOnlineSeconds)),
      ("totalMsg", .integer(summary.totalMessages)),
      ("totalTags", .integer(summary.totalTags)),
      ("totalTransferred", .integer(summary.totalTransferred)),
      ("peakTime", .string("\(summary.peakHour.padded(2)):00")),
      ("weakTime", .string("\(summary.weakHour.padded(2)):00")),
      ("totalClosedSessions", .integer(summary.totalClosedSessions)),
      ("totalTemplateUsage", .integer(summary.totalTemplateUsage)),
      ("totalPredefinedMessages", .integer(summary.totalPredefinedMessages)),
      ("totalClient", .integer(summary.totalClients)),
      ("totalTagsPercent", .rounded(summary.totalTagsPercent, decimals: 1)),
    ]
    return values.map { JSONValue.Member(name: $0.0, value: $0.1) }
  }

  /// `DD HH:MM:SS`, days first.
  private static func duration(_ seconds: Int) -> JSONValue {
    let hours = seconds / 3600 % 24
    let clock =
      "\(hours.padded(2)):\((seconds / 60 % 60).padded(2)):\((seconds % 60).padded(2))"
    return .string("\((seconds / 86_400).padded(2)) \(clock)")
  }
}

/// What exists at the simulated vendors, for whoever configures a client for them.
public enum SimulatedIdentifiers {
  /// Samespace's only dashboard.
  public static let samespaceDashboard = SamespaceDashboard.id
  /// The dashboard's insights of type STAT, by id.
  public static let samespaceStatInsights = SamespaceInsight.all.filter(\.isStat).map(\.id)
  /// The dashboard's insight of type TABLE.
  public static let samespaceTableInsights = SamespaceInsight.all.filter { !$0.isStat }.map(\.id)
  /// Samespace's only report.
  public static let samespaceReport = SamespaceReport.id
  /// The columns of the first table insight: a name and a count.
  public static let samespaceTeamColumns = (
    team: SamespaceReport.team, calls: SamespaceReport.calls
  )
  /// The report's column that is `in` or `out`.
  public static let samespaceDirectionColumn = SamespaceReport.direction
  /// Rocket.Chat's chart names.
  public static let rocketChatCharts = RocketChatCharts.names
  /// Kore.ai's channels.
  public static let koreChannels = KoreTraffic.channels.keys.sorted()
  /// Kore.ai's only custom dashboard.
  public static let koreDashboard = KoreWidgets.dashboard
  /// The dashboard's widgets: one row a record, grouped, and one with a slash in its name.
  public static let koreWidgets = KoreWidgets.names
}

import CollectorKit
import Logging

extension SamespaceCollector: Exploring {
  var exploreFlags: [String] { ["--dashboard=ID", "--report=ID"] }

  /// The most insights of a dashboard that are asked for.
  private static let mostExplored = 20

  /// A dashboard's insights that have rows, or a report.
  func explore(
    _ query: ExploreQuery,
    in context: CollectionContext
  ) async throws -> [ExploredTable]? {
    switch query {
    case .dashboard(let id): return try await tables(ofDashboard: id, context)
    case .report(let id):
      return [
        ExploredTable(
          title: "report \(id)",
          table: try await tables.explore(.report(id), context),
          metric: "samespace_report",
          place: ["    reports:", "      - id: \(MappingSuggestion.quoted(id))"]
        )
      ]
    case .widget, .card: return nil
    }
  }

  private func tables(
    ofDashboard id: String,
    _ context: CollectionContext
  ) async throws -> [ExploredTable] {
    let configured = configuration.dashboards.first { $0.id == id }
    let dashboard =
      configured
      ?? SamespaceConfiguration.Dashboard(id: id, range: nil, filters: [], insights: [:])
    _ = try await discover(dashboard, context)
    guard let known = directory.dashboard(id) else { return [] }
    let insights = (known.insights ?? []).filter { insight in
      !insight.isStat || dashboard.insights[insight.id]?.table != nil
    }
    let surplus = insights.count - SamespaceCollector.mostExplored
    if surplus > 0 { context.log.warn("tables left out", [("count", String(surplus))]) }
    var explored: [ExploredTable] = []
    for insight in insights.prefix(SamespaceCollector.mostExplored) {
      let title = insight.title ?? insight.id
      explored.append(
        ExploredTable(
          title: "insight \(insight.id) (\(title))",
          table: try await tables.explore(
            .insight(insight.id, dashboard: id),
            range: known.range(of: insight),
            timezone: insight.timezone ?? known.timezone,
            context
          ),
          metric: "samespace_\(title)",
          place: [
            "    dashboards:", "      - id: \(MappingSuggestion.quoted(id))", "        insights:",
            "          \(MappingSuggestion.quoted(insight.id)):",
            "            # \(ErrorEnvelope.printable(title))",
          ]
        )
      )
    }
    return explored
  }
}

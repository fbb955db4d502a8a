import CollectorKit

extension SamespaceCollector: DayClosing {
  var dayZone: Zone { configuration.zone ?? .utc }

  /// The polls ask for yesterday themselves, where something is counted.
  var dayOverlap: Int { 1 }

  /// Only totals since midnight have days that can be asked for.
  func closingTotals(
    of day: CivilDate,
    except parts: Set<String>,
    in context: CollectionContext
  ) async throws -> PollOutcome {
    var outcome = PollOutcome()
    for dashboard in configuration.dashboards {
      if directory.dashboard(dashboard.id) == nil,
        dashboard.insights.values.contains(where: \.hasCounter)
      {
        // Without the dashboard nothing of it is asked for, and the day must not count as closed.
        try await outcome.part("dashboard \(dashboard.id)", except: parts) {
          try await discover(dashboard, context)
        }
      }
      guard let known = directory.dashboard(dashboard.id) else { continue }
      for insight in polled(known, dashboard) {
        let key = "\(dashboard.id)/\(insight.id)"
        if let source = tables.source(dashboard: dashboard.id, insight: insight.id) {
          guard source.countsDays else { continue }
          try await outcome.part(key, except: parts) {
            try await tables.closing(
              of: day,
              source,
              timezone: insight.timezone ?? known.timezone,
              context
            )
          }
        } else if dashboard.countsDays(insight.id) {
          try await outcome.part(key, except: parts) {
            try await closing(of: day, insight, of: known, dashboard, context)
          }
        }
      }
    }
    for report in tables.reports where report.source.countsDays {
      try await outcome.part(report.key, except: parts) {
        try await tables.closing(of: day, report.source, timezone: nil, context)
      }
    }
    return outcome
  }
}

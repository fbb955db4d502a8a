import CollectorKit

extension RocketChatCollector: DayClosing {
  var dayZone: Zone { .utc }

  /// Every poll covers yesterday, whose counts go on rising with late messages.
  var dayOverlap: Int { 1 }

  func closingTotals(
    of day: CivilDate,
    except parts: Set<String>,
    in context: CollectionContext
  ) async throws -> PollOutcome {
    var outcome = PollOutcome()
    for department in configuration.departments {
      let asked = day...day.adding(days: 1)
      for chart in configuration.charts where chart.isCount {
        let part = "\(department.name)/\(chart.rawValue)"
        try await outcome.part(part, except: parts) {
          let (points, skipped) =
            try await points(chart, department, asked, required: asked, context)
          return families.closing(
            points,
            chart: chart,
            department: department,
            day: day,
            skipped: skipped
          )
        }
      }
      if configuration.realtime {
        try await live.close(day, department, except: parts, into: &outcome, context)
      }
    }
    return outcome
  }
}

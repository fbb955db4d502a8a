import CollectorKit

/// Samespace's history: an insight's value over its own time range as it ended with each day, asked
/// for by `startTime` and `endTime`; each insight and day costs a request.
///
/// So a sample has the meaning that a poll at the day's last second would have given it. Time ranges
/// whose length is not known are left out.
extension SamespaceCollector: HistoryCollector {
  /// An insight whose past can be asked for.
  private struct Subject: Sendable {
    let dashboard: SamespaceConfiguration.Dashboard
    let insight: SamespaceInsight
    let range: SamespaceRange
    let timezone: String?
  }

  var historyZone: Zone {
    configuration.zone ?? .utc
  }

  func history(
    of days: ClosedRange<CivilDate>,
    in context: CollectionContext
  ) async throws -> HistoryPlan {
    var notes: [String] = []
    var subjects: [Subject] = []
    for dashboard in configuration.dashboards {
      let losses = try await discover(dashboard, context)
      notes += losses.skipped + losses.notes
      guard let known = directory.dashboard(dashboard.id) else { continue }
      for insight in known.statInsights {
        let own = dashboard.insights[insight.id]
        if own?.table != nil { continue }
        let range = range(of: insight, in: known, dashboard) ?? .named("")
        guard SamespacePast(range, endOf: days.lowerBound, in: historyZone) != nil else {
          notes.append(
            "insight \(ErrorEnvelope.printable(insight.id)) has no history: what its time range "
              + "\"\(range.label)\" covers is not known"
          )
          continue
        }
        subjects.append(
          Subject(
            dashboard: dashboard,
            insight: insight,
            range: range,
            timezone: configuration.timezone ?? insight.timezone ?? known.timezone
          )
        )
      }
    }
    let zone = historyZone
    return HistoryPlan(count: days.dayCount * subjects.count, notes: notes) { [subjects] place in
      let subject = subjects[place % subjects.count]
      let day = days.lowerBound.adding(days: place / subjects.count)
      return HistoryPart("\(subject.dashboard.id)/\(subject.insight.id) \(day)") { context in
        try await values(of: day, subject, zone, context)
      }
    }
  }

  private func values(
    of day: CivilDate,
    _ subject: Subject,
    _ zone: Zone,
    _ context: CollectionContext
  ) async throws -> HistoryValues {
    let endpoint =
      "POST \(SamespaceRequests.path) GetInsightData dashboard=\(subject.dashboard.id) "
      + "insight=\(ErrorEnvelope.printable(subject.insight.id)) day=\(day)"
    guard let range = SamespacePast(subject.range, endOf: day, in: zone) else {
      return HistoryValues()
    }
    let filters = subject.dashboard.insights[subject.insight.id]?.filters ?? []
    let body = try SamespaceRequests.dataBody(
      of: .insight(subject.insight.id, dashboard: subject.dashboard.id),
      SamespaceRequests.Options(
        ends: (
          SamespaceDate(unixTime: Double(range.start)), SamespaceDate(unixTime: Double(range.end))
        ),
        timezone: subject.timezone,
        filters: subject.dashboard.filters + filters
      )
    )
    let (answer, response) = try await tables.client.ask(
      SamespaceInsightData.Answer.self,
      body,
      endpoint,
      context
    )
    if let complaint = answer.complaint {
      throw SamespaceClient.failure(complaint, response, endpoint, context)
    }
    let values = families.values(
      answer.data?.getInsightData,
      of: subject.insight,
      in: subject.dashboard,
      timeRange: subject.range.label,
      bucket: DayInProgress.bucket(of: day, in: zone)
    )
    return HistoryValues(
      gauges: [HistoryValues.Gauges(at: zone.lastSecond(of: day), values.families)],
      observations: values.observations,
      skipped: values.skipped
    )
  }
}

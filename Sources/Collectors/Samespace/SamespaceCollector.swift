import CollectorKit
import ConfigurationFile
import Exposition
import HTTPTransport
import Ledger

/// Polls Samespace's dashboards and reports: one request a STAT insight, one a page of an insight
/// or report with rows, and one a dashboard every now and then to find its insights.
struct SamespaceCollector: Collector {
  let configuration: SamespaceConfiguration
  let families: SamespaceFamilies
  let directory: SamespaceDirectory
  let tables: SamespaceTables

  /// Samespace's entry in the table of built-in collectors; the vendor documents no rate limit.
  static let definition = VendorDefinition(name: "samespace", rateLimits: []) {
    section,
    settings in
    let labels = Set(settings.labels.labels.map(\.name))
    guard let configuration = SamespaceConfiguration(section, labels: labels) else { return nil }
    guard let key = try? configuration.apiKey.value() else { return nil }
    return ConfiguredCollector(
      collector: SamespaceCollector(configuration, pollInterval: settings.interval),
      credential: "samespace\n\(key)"
    )
  }

  var keyFigures: [KeyFigure] { SamespaceKeyFigures.all(configuration) }

  init(_ configuration: SamespaceConfiguration, pollInterval: Double) {
    self.configuration = configuration
    families = SamespaceFamilies(configuration: configuration)
    directory = SamespaceDirectory(interval: configuration.discoveryInterval)
    tables = SamespaceTables(configuration: configuration, pollInterval: pollInterval)
  }

  /// Until a dashboard was asked for, the insights that the configuration names are all that is
  /// known of it.
  var plan: RequestPlan {
    var entries: [RequestPlan.Entry] = []
    var isEstimate = false
    for dashboard in configuration.dashboards {
      guard let known = directory.dashboard(dashboard.id) else {
        entries.add("insights", requests: dashboard.insights.count)
        isEstimate = true
        continue
      }
      for insight in polled(known, dashboard) {
        let source = tables.source(dashboard: dashboard.id, insight: insight.id)
        entries.add("insights", requests: source?.requests ?? 1, every: source?.table.interval)
        isEstimate = isEstimate || source?.isEstimate ?? false
      }
    }
    if !configuration.dashboards.isEmpty {
      let discoveries = configuration.dashboards.count
      entries.add("discovery", requests: discoveries, every: configuration.discoveryInterval)
    }
    for report in tables.reports {
      entries.add("reports", requests: report.source.requests, every: report.source.table.interval)
      isEstimate = isEstimate || report.source.isEstimate
    }
    return RequestPlan(entries, isEstimate: isEstimate)
  }

  var configuredFamilies: [MetricFamily] { [] }

  var namedFamilies: [ConfiguredFamily] {
    let insights = configuration.dashboards.flatMap(\.insights.values)
    let tables = insights.compactMap(\.table) + configuration.reports.map(\.table)
    return insights.compactMap(\.family).map { family in
      ConfiguredFamily(metric: family.metric, kind: family.kind, help: family.help)
    } + tables.flatMap(\.mappings).map(\.family)
  }

  func collect(in context: CollectionContext) async throws -> PollOutcome {
    var outcome = PollOutcome()
    for dashboard in configuration.dashboards {
      if directory.isDue(dashboard.id, at: context.time.uptime) {
        try await outcome.part("dashboard \(dashboard.id)") {
          try await discover(dashboard, context)
        }
      }
      guard let known = directory.dashboard(dashboard.id) else { continue }
      for insight in polled(known, dashboard) {
        let key = "\(dashboard.id)/\(insight.id)"
        if let source = tables.source(dashboard: dashboard.id, insight: insight.id) {
          let failures = outcome.failures.count
          try await tables.collect(
            source,
            key,
            timeRange: insight.timeRange ?? known.timeRange,
            timezone: insight.timezone,
            into: &outcome,
            context
          )
          let isDoubtful = outcome.failures.dropFirst(failures).contains(where: mayHaveVanished)
          if isDoubtful { directory.doubt(dashboard.id) }
        } else {
          try await outcome.part(key) {
            try await poll(insight, of: known, dashboard, context)
          }
          try await close(insight, of: known, dashboard, key, into: &outcome, context)
        }
      }
    }
    for report in tables.reports {
      try await tables.collect(report.source, report.key, into: &outcome, context)
    }
    return outcome
  }

  /// The insights of a dashboard that are asked for: those with one value, the only shape that the
  /// vendor documents, and those that are given a mapping.
  func polled(
    _ known: SamespaceDashboard,
    _ dashboard: SamespaceConfiguration.Dashboard
  ) -> [SamespaceInsight] {
    let stats = Set(known.statInsights.map(\.id))
    return (known.insights ?? []).filter { insight in
      stats.contains(insight.id) || dashboard.insights[insight.id]?.table != nil
    }
  }

  /// Whether an insight's failure may mean that it has left its dashboard: GraphQL servers answer a
  /// query about something unknown with 200 or with 400.
  private func mayHaveVanished(_ error: CollectionError) -> Bool {
    error.reason == .vendorError || error.status == 400
  }

  /// Asks for a dashboard's insights; they are kept in the directory and are no values themselves.
  func discover(
    _ dashboard: SamespaceConfiguration.Dashboard,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let endpoint = "POST \(SamespaceRequests.path) GetDashboard dashboard=\(dashboard.id)"
    let asked = context.time.uptime
    let (answer, response) = try await tables.client.ask(
      SamespaceDashboard.Answer.self,
      try SamespaceRequests.dashboardBody(id: dashboard.id),
      endpoint,
      context
    )
    let found = answer.data?.dashboard
    if let complaint = answer.complaint {
      // Partial data is used; without a list the insights that are known are still asked.
      if let found, found.insights != nil {
        directory.keep(found, id: dashboard.id, at: asked, isComplete: false)
      }
      throw SamespaceClient.failure(complaint, response, endpoint, context)
    }
    guard let found else {
      throw CollectionError(
        .vendorError,
        endpoint: endpoint,
        "there is no dashboard with this id, or the API key may not read it; check dashboards[].id, "
          + "and that the key is of type Analytics"
      )
    }
    directory.keep(found, id: dashboard.id, at: asked, isComplete: true)
    return PollOutcome.Values(skipped: notes(on: found, of: dashboard))
  }

  /// What cannot be polled although the dashboard, or the configuration, names it.
  private func notes(
    on found: SamespaceDashboard,
    of dashboard: SamespaceConfiguration.Dashboard
  ) -> [String] {
    let polled = Set(polled(found, dashboard).map(\.id))
    let missing = dashboard.insights.keys.filter { !polled.contains($0) }.sorted()
    let surplus =
      found.surplus == 0
      ? [] : ["\(found.surplus) STAT insights past the dashboard's first 500 are not polled"]
    return surplus + Array(repeating: "an insight without an id", count: found.nameless)
      + missing.map { id in
        let kind = dashboard.insights[id]?.table == nil ? "STAT insight" : "insight"
        return "insight \(id) of the configuration is no \(kind) of the dashboard"
      }
  }

  /// Asks once more for a counter's total of the day that has ended, where the range is a day's.
  private func close(
    _ insight: SamespaceInsight,
    of known: SamespaceDashboard,
    _ dashboard: SamespaceConfiguration.Dashboard,
    _ key: String,
    into outcome: inout PollOutcome,
    _ context: CollectionContext
  ) async throws {
    let now = context.time.unixTime
    guard dashboard.countsDays(insight.id) else { return }
    try await tables.pastDays.ask(key, into: &outcome, at: now) { day in
      try await closing(of: day, insight, of: known, dashboard, context)
    }
  }

  /// A STAT insight's observations of a day that is over.
  func closing(
    of day: CivilDate,
    _ insight: SamespaceInsight,
    of known: SamespaceDashboard,
    _ dashboard: SamespaceConfiguration.Dashboard,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    var values = try await poll(insight, of: known, dashboard, day: day, context)
    values.families = []
    return values
  }

  /// Asks for a STAT insight's value.
  ///
  /// - Parameters:
  ///   - insight: The insight.
  ///   - known: Its dashboard, as the vendor describes it.
  ///   - dashboard: Its dashboard, as it is configured.
  ///   - day: A day that is over, instead of the configured range.
  ///   - context: What a poll may use.
  /// - Returns: The insight's families and observations.
  /// - Throws: `CollectionError`, or `CancellationError`.
  func poll(
    _ insight: SamespaceInsight,
    of known: SamespaceDashboard,
    _ dashboard: SamespaceConfiguration.Dashboard,
    day: CivilDate? = nil,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let subject = SamespaceRequests.Subject.insight(insight.id, dashboard: dashboard.id)
    let endpoint = subject.endpoint
    let asked = context.time.unixTime
    let own = dashboard.insights[insight.id]
    let range =
      own?.range ?? dashboard.range ?? (insight.timeRange ?? known.timeRange).map { .named($0) }
    var options = SamespaceRequests.Options(
      bounds: range?.bounds(in: configuration.zone ?? .utc, now: asked),
      timezone: configuration.timezone ?? insight.timezone,
      filters: dashboard.filters + (own?.filters ?? [])
    )
    if case .named(let name)? = range { options.timeRange = name }
    let bucket = day.map { DayInProgress.bucket(of: $0, in: configuration.zone ?? .utc) }
    if let bucket { options.bounds = (Double(bucket.start), Double(bucket.end)) }
    let body = try SamespaceRequests.dataBody(of: subject, options)
    do {
      let (answer, response) = try await tables.client.ask(
        SamespaceInsightData.Answer.self,
        body,
        endpoint,
        context
      )
      let answered = context.time.unixTime
      if let complaint = answer.complaint {
        throw SamespaceClient.failure(complaint, response, endpoint, context)
      }
      // Neither an error nor a value: the insight may have left the dashboard.
      let data = answer.data?.getInsightData
      if data == nil { directory.doubt(dashboard.id) }
      // In the middle of the day that was asked for no clock is in doubt.
      let middle = bucket.map { (Double($0.start) + Double($0.end)) / 2 }
      return families.values(
        data,
        of: insight,
        in: dashboard,
        timeRange: range?.label,
        asked: middle ?? asked,
        answered: middle ?? answered
      )
    } catch let error as CollectionError {
      if mayHaveVanished(error) { directory.doubt(dashboard.id) }
      throw error
    }
  }
}

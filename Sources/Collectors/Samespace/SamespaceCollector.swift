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
            range: known.range(of: insight),
            timezone: insight.timezone ?? known.timezone,
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
    if let id = found?.id, id != dashboard.id {
      throw CollectionError(
        .decode,
        endpoint: endpoint,
        "the answer is about another dashboard, \"\(ErrorEnvelope.printable(id))\""
      )
    }
    if let complaint = answer.complaint {
      // Partial data is used; what it lacks of the insights that are known is still asked for.
      var lost = ""
      if var found, let insights = found.insights {
        let ids = Set(insights.map(\.id))
        let known = directory.dashboard(dashboard.id)?.insights ?? []
        found.insights = insights + known.filter { !ids.contains($0.id) }
        directory.keep(found, id: dashboard.id, at: asked, isComplete: false)
        if found.nameless > 0 {
          lost = " (\(found.nameless) of the dashboard's insights are missing from the answer)"
        }
      }
      throw SamespaceClient.failure(complaint + lost, response, endpoint, context)
    }
    guard let found else {
      throw CollectionError(
        .vendorError,
        endpoint: endpoint,
        "there is no dashboard with this id, or the API key may not read it; check dashboards[].id, "
          + "and that the key is of type Analytics"
      )
    }
    guard found.insights != nil else {
      throw CollectionError(
        .decode,
        endpoint: endpoint,
        "the dashboard has no list of insights (data.dashboard.insights)"
      )
    }
    directory.keep(found, id: dashboard.id, at: asked, isComplete: true)
    return losses(of: found, dashboard)
  }

  /// What is not polled although the dashboard, or the configuration, names it.
  private func losses(
    of found: SamespaceDashboard,
    _ dashboard: SamespaceConfiguration.Dashboard
  ) -> PollOutcome.Values {
    var values = PollOutcome.Values()
    func skip(_ text: String, count: Int = 1) {
      guard count > 0 else { return }
      values.skipped.append(text)
      values.rowsSkipped += count - 1
    }
    func note(_ text: String) { values.notes.append("dashboard \(dashboard.id): \(text)") }
    let polled = polled(found, dashboard)
    let ids = Set(polled.map(\.id))
    skip("an insight without an id", count: found.nameless)
    for id in dashboard.insights.keys.sorted() where !ids.contains(id) {
      let kind = dashboard.insights[id]?.table == nil ? "STAT insight" : "insight"
      skip("insight \(id) of the configuration is no \(kind) of the dashboard")
    }
    for insight in polled {
      for field in insight.unreadable {
        skip("the \(field) of insight \(insight.id) is no short text; the dashboard's is used")
      }
      if range(of: insight, in: found, dashboard) == nil {
        note(
          "neither insight \(insight.id) nor the dashboard has a time range, so the vendor chooses "
            + "one; give it a time_range"
        )
      }
    }
    if found.surplus > 0 { note("STAT insights past the first 500 are not polled") }
    for insight in found.insights ?? [] where !insight.hasType && !ids.contains(insight.id) {
      note("insight \(insight.id) has no template type and is not polled; give it a mapping")
    }
    return values
  }

  /// The range that an insight is asked for; nil where nobody names one.
  func range(
    of insight: SamespaceInsight,
    in known: SamespaceDashboard,
    _ dashboard: SamespaceConfiguration.Dashboard
  ) -> SamespaceRange? {
    let own = dashboard.insights[insight.id]
    let range = own?.range ?? dashboard.range ?? known.range(of: insight)
    return own?.hasCounter ?? false ? .counted(range) : range
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
  ///   - day: A day that is over, of a counter; nil for the running one.
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
    let range = range(of: insight, in: known, dashboard)
    var options = SamespaceRequests.Options(
      timezone: configuration.timezone ?? insight.timezone ?? known.timezone,
      filters: dashboard.filters + (own?.filters ?? [])
    )
    let zone = configuration.zone ?? .utc
    var bucket: Bucket?
    if own?.hasCounter ?? false {
      bucket = options.ask(forDay: day, in: zone, now: asked)
    } else {
      options.ask(for: range, in: zone, now: asked)
    }
    let body = try SamespaceRequests.dataBody(of: subject, options)
    do {
      let (answer, response) = try await tables.client.ask(
        SamespaceInsightData.Answer.self,
        body,
        endpoint,
        context
      )
      if let complaint = answer.complaint {
        throw SamespaceClient.failure(complaint, response, endpoint, context)
      }
      // Neither an error nor a value: the insight may have left the dashboard.
      let data = answer.data?.getInsightData
      if data == nil {
        if let refusal = context.client.refusal(in: response, endpoint: endpoint) { throw refusal }
        directory.doubt(dashboard.id)
      }
      let values = families.values(
        data,
        of: insight,
        in: dashboard,
        timeRange: range?.label,
        bucket: bucket
      )
      return day == nil ? values.ofRunningDay : values
    } catch let error as CollectionError {
      if mayHaveVanished(error) { directory.doubt(dashboard.id) }
      throw error
    }
  }
}

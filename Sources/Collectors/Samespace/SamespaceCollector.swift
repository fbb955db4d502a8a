import CollectorKit
import ConfigurationFile
import Exposition
import HTTPTransport

/// Polls the STAT insights of Samespace's dashboards: one request an insight, and one a dashboard
/// every now and then to find them.
struct SamespaceCollector: Collector {
  let configuration: SamespaceConfiguration
  let families: SamespaceFamilies
  let directory: SamespaceDirectory

  /// Samespace's entry in the table of built-in collectors; the vendor documents no rate limit.
  static let definition = VendorDefinition(name: "samespace", rateLimits: []) { section, _ in
    guard let configuration = SamespaceConfiguration(section) else { return nil }
    if !configuration.reports.isEmpty {
      section.warn("reports are checked but not polled by this version", at: "reports")
    }
    guard let key = try? configuration.apiKey.value() else { return nil }
    return ConfiguredCollector(
      collector: SamespaceCollector(configuration),
      credential: "samespace\n\(key)"
    )
  }

  var keyFigures: [KeyFigure] { SamespaceKeyFigures.all(configuration) }

  init(_ configuration: SamespaceConfiguration) {
    self.configuration = configuration
    families = SamespaceFamilies(configuration: configuration)
    directory = SamespaceDirectory(interval: configuration.discoveryInterval)
  }

  /// Until a dashboard was asked for, the insights that the configuration names are all that is
  /// known of it.
  var plan: RequestPlan {
    var insights = 0
    var isEstimate = false
    for dashboard in configuration.dashboards {
      if let known = directory.dashboard(dashboard.id) {
        insights += known.statInsights.count
      } else {
        insights += dashboard.named.count
        isEstimate = true
      }
    }
    return RequestPlan(
      [
        RequestPlan.Entry("insights", requests: insights),
        RequestPlan.Entry(
          "discovery",
          requests: configuration.dashboards.count,
          every: configuration.discoveryInterval
        ),
      ],
      isEstimate: isEstimate
    )
  }

  var configuredFamilies: [MetricFamily] { [] }

  func collect(in context: CollectionContext) async throws -> PollOutcome {
    var outcome = PollOutcome()
    for dashboard in configuration.dashboards {
      if directory.isDue(dashboard.id, at: context.time.uptime) {
        try await outcome.part("dashboard \(dashboard.id)") {
          try await discover(dashboard, context)
        }
      }
      guard let known = directory.dashboard(dashboard.id) else { continue }
      for insight in known.statInsights {
        try await outcome.part("\(dashboard.id)/\(insight.id)") {
          try await poll(insight, of: known, dashboard, context)
        }
      }
    }
    return outcome
  }

  /// Asks for a dashboard's insights; they are kept in the directory and are no values themselves.
  func discover(
    _ dashboard: SamespaceConfiguration.Dashboard,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let endpoint = "POST \(SamespaceRequests.path) GetDashboard dashboard=\(dashboard.id)"
    let asked = context.time.uptime
    let (answer, response) = try await ask(
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
      throw failure(complaint, response, endpoint, context)
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
    return PollOutcome.Values(skipped: SamespaceCollector.notes(on: found, of: dashboard))
  }

  /// What cannot be polled although the dashboard, or the configuration, names it.
  private static func notes(
    on found: SamespaceDashboard,
    of dashboard: SamespaceConfiguration.Dashboard
  ) -> [String] {
    let polled = Set(found.statInsights.map(\.id))
    let missing = dashboard.named.filter { !polled.contains($0) }.sorted()
    let surplus =
      found.surplus == 0
      ? [] : ["\(found.surplus) STAT insights past the dashboard's first 500 are not polled"]
    return surplus + Array(repeating: "an insight without an id", count: found.nameless)
      + missing.map { "insight \($0) of the configuration is no STAT insight of the dashboard" }
  }

  private func poll(
    _ insight: SamespaceInsight,
    of known: SamespaceDashboard,
    _ dashboard: SamespaceConfiguration.Dashboard,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let endpoint =
      "POST \(SamespaceRequests.path) GetInsightData dashboard=\(dashboard.id) "
      + "insight=\(ErrorEnvelope.printable(insight.id))"
    let timeRange = dashboard.timeRange ?? insight.timeRange ?? known.timeRange
    let body = try SamespaceRequests.insightBody(
      dashboard: dashboard.id,
      insight: insight.id,
      timeRange: timeRange,
      timezone: configuration.timezone ?? insight.timezone
    )
    let asked = context.time.unixTime
    do {
      let (answer, response) = try await ask(
        SamespaceInsightData.Answer.self,
        body,
        endpoint,
        context
      )
      let answered = context.time.unixTime
      if let complaint = answer.complaint {
        throw failure(complaint, response, endpoint, context)
      }
      // Neither an error nor a value: the insight may have left the dashboard.
      let data = answer.data?.getInsightData
      if data == nil { directory.doubt(dashboard.id) }
      return families.values(
        data,
        of: insight,
        in: dashboard,
        timeRange: timeRange,
        asked: asked,
        answered: answered
      )
    } catch let error as CollectionError {
      // GraphQL servers answer a query about something unknown with 200 or with 400.
      if error.reason == .vendorError || error.status == 400 { directory.doubt(dashboard.id) }
      throw error
    }
  }

  func ask<Payload: Decodable & Sendable>(
    _ payload: Payload.Type,
    _ body: [UInt8],
    _ endpoint: String,
    _ context: CollectionContext
  ) async throws -> (SamespaceAnswer<Payload>, HTTPClientResponse) {
    let key: String
    do {
      key = try configuration.apiKey.value()
    } catch {
      throw CollectionError(.auth, endpoint: endpoint, "\(error)")
    }
    let response = try await context.client.send(
      "POST",
      SamespaceRequests.path,
      fields: [
        HTTPField("x-api-key", key), HTTPField("Content-Type", "application/json"),
        HTTPField("Accept", "application/json"),
      ],
      body: body,
      endpoint: endpoint
    )
    let answer = try PayloadDecoder.decode(
      SamespaceAnswer<Payload>.self,
      from: response,
      endpoint: endpoint
    )
    guard answer.data != nil || answer.complaint != nil else {
      throw CollectionError(
        .decode,
        endpoint: endpoint,
        "the answer has neither \"data\" nor \"errors\"; check that the target's url is that of a "
          + "Samespace cluster"
      )
    }
    return (answer, response)
  }

  func failure(
    _ complaint: String,
    _ response: HTTPClientResponse,
    _ endpoint: String,
    _ context: CollectionContext
  ) -> CollectionError {
    if RetryHint.speaksOfRateLimit(complaint) {
      return context.client.rateLimited(response, text: complaint, endpoint: endpoint)
    }
    return CollectionError(.vendorError, endpoint: endpoint, complaint)
  }
}

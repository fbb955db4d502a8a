import CollectorKit
import ConfigurationFile
import Exposition
import HTTPTransport

/// Polls Kore.ai's user engagement trend, an hourly and a daily request a channel, and dashboard
/// widgets.
struct KoreCollector: Collector {
  let configuration: KoreConfiguration
  private let requests: KoreRequests
  let families: KoreFamilies
  let widgets: KoreWidgets

  /// Kore.ai's entry in the table of built-in collectors.
  ///
  /// The limits are 60 requests a minute and 1800 an hour for a bot, over all analytics APIs
  /// (vendor's documentation, "Rate Limits").
  static let definition = VendorDefinition(
    name: "kore",
    rateLimits: [RateLimit(requests: 60, window: 60), RateLimit(requests: 1800, window: 3600)]
  ) { section, settings in
    let labels = Set(settings.labels.labels.map(\.name))
    guard let configuration = KoreConfiguration(section, labels: labels) else { return nil }
    return ConfiguredCollector(
      collector: KoreCollector(configuration, pollInterval: settings.interval),
      credential: "kore\n\(settings.server)\n\(configuration.botID)"
    )
  }

  init(_ configuration: KoreConfiguration, pollInterval: Double) {
    self.configuration = configuration
    requests = KoreRequests(configuration: configuration)
    families = KoreFamilies(zone: configuration.timezone)
    widgets = KoreWidgets(configuration: configuration, pollInterval: pollInterval)
  }

  var plan: RequestPlan {
    let count = configuration.channels.count * KoreRequests.Aggregation.allCases.count
    return RequestPlan(
      [RequestPlan.Entry("channels, hourly and daily", requests: count)] + widgets.plan,
      isEstimate: widgets.isEstimate
    )
  }

  var configuredFamilies: [MetricFamily] { [] }

  var namedFamilies: [ConfiguredFamily] {
    configuration.widgets.flatMap(\.mappings).map(\.family)
  }

  func collect(in context: CollectionContext) async throws -> PollOutcome {
    var outcome = PollOutcome()
    for channel in configuration.channels {
      for aggregation in KoreRequests.Aggregation.allCases {
        try await outcome.part("\(channel.name)/\(aggregation.rawValue)") {
          try await trend(aggregation, channel, context)
        }
      }
    }
    try await widgets.collect(into: &outcome, context)
    return outcome
  }

  private func trend(
    _ aggregation: KoreRequests.Aggregation,
    _ channel: KoreConfiguration.Channel,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let asked = context.time.unixTime
    let today = configuration.timezone.date(at: asked)
    let payload = try await ask(aggregation, channel, today.adding(days: -1)...today, context)
    var values =
      switch aggregation {
      case .hourly: families.hourly(payload, channel: channel, now: asked)
      case .daily: families.daily(payload, channel: channel, now: asked)
      }
    // Just after midnight the vendor's clock may be in the day before.
    if configuration.timezone.date(at: asked - VendorClock.tolerance) == today {
      values.notes += payload.notes(
        today: today,
        zone: configuration.timezone.name,
        isSecond: configuration.apiVersion == 2
      ).map { "\(channel.name)/\(aggregation.rawValue): \($0)" }
    }
    return values
  }

  /// One trend.
  ///
  /// - Parameters:
  ///   - aggregation: Hours or days.
  ///   - channel: The selection of users.
  ///   - days: The days that are asked for.
  ///   - context: The poll's.
  /// - Returns: An answer without errors, with rows of the days that were asked for alone.
  /// - Throws: `CollectionError`, or `CancellationError`.
  func ask(
    _ aggregation: KoreRequests.Aggregation,
    _ channel: KoreConfiguration.Channel,
    _ days: ClosedRange<CivilDate>,
    _ context: CollectionContext
  ) async throws -> KorePayload {
    let endpoint =
      "POST \(requests.path) aggregation_type=\(aggregation.rawValue) channel=\(channel.name)"
    let asked = context.time.unixTime
    let response = try await context.client.send(
      "POST",
      requests.path
        + requests.query(aggregation, channel, from: days.lowerBound, to: days.upperBound),
      fields: try configuration.fields(now: asked, endpoint: endpoint),
      body: KoreRequests.body,
      endpoint: endpoint
    )
    let payload = try PayloadDecoder.decode(KorePayload.self, from: response, endpoint: endpoint)
    guard !payload.hasErrors, payload.rows != nil else {
      throw failure(payload, response, context, endpoint)
    }
    if let problem = payload.problem(aggregation, days, name: requests.resultsName) {
      throw CollectionError(.decode, endpoint: endpoint, problem)
    }
    return payload.only(days)
  }

  /// An answer with errors, or without results.
  private func failure(
    _ payload: KorePayload,
    _ response: HTTPClientResponse,
    _ context: CollectionContext,
    _ endpoint: String
  ) -> CollectionError {
    KoreRefusal.error(hasErrors: payload.hasErrors, response, context, endpoint)
      ?? CollectionError(
        .decode,
        endpoint: endpoint,
        "the answer has no \"\(requests.resultsName)\""
      )
  }
}

extension KoreCollector: Exploring {
  var exploreFlags: [String] { ["--widget=DASHBOARD/WIDGET"] }

  func explore(
    _ query: ExploreQuery,
    in context: CollectionContext
  ) async throws -> [ExploredTable]? {
    guard case .widget(let dashboard, let widget) = query else { return nil }
    return [try await widgets.explore(dashboard: dashboard, widget: widget, context)]
  }
}

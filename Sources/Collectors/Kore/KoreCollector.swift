import CollectorKit
import ConfigurationFile
import Exposition
import HTTPTransport

/// Polls Kore.ai's user engagement trend: an hourly and a daily request a channel.
struct KoreCollector: Collector {
  let configuration: KoreConfiguration
  private let requests: KoreRequests
  let families: KoreFamilies

  /// Kore.ai's entry in the table of built-in collectors.
  ///
  /// The limits are 60 requests a minute and 1800 an hour for a bot, over all analytics APIs
  /// (vendor's documentation, "Rate Limits").
  static let definition = VendorDefinition(
    name: "kore",
    rateLimits: [RateLimit(requests: 60, window: 60), RateLimit(requests: 1800, window: 3600)]
  ) { section, settings in
    guard let configuration = KoreConfiguration(section) else { return nil }
    if !configuration.widgets.isEmpty {
      section.warn("widgets are checked but not polled by this version", at: "widgets")
    }
    return ConfiguredCollector(
      collector: KoreCollector(configuration),
      credential: "kore\n\(settings.url)\n\(configuration.botID)"
    )
  }

  init(_ configuration: KoreConfiguration) {
    self.configuration = configuration
    requests = KoreRequests(configuration: configuration)
    families = KoreFamilies(zone: configuration.timezone)
  }

  var plan: RequestPlan {
    let count = configuration.channels.count * KoreRequests.Aggregation.allCases.count
    return RequestPlan([RequestPlan.Entry("channels, hourly and daily", requests: count)])
  }

  var configuredFamilies: [MetricFamily] { [] }

  func collect(in context: CollectionContext) async throws -> PollOutcome {
    var outcome = PollOutcome()
    for channel in configuration.channels {
      for aggregation in KoreRequests.Aggregation.allCases {
        try await outcome.part("\(channel.name)/\(aggregation.rawValue)") {
          let now = context.time.unixTime
          let today = configuration.timezone.date(at: now)
          let payload = try await trend(
            aggregation,
            channel,
            today.adding(days: -1)...today,
            context
          )
          return switch aggregation {
          case .hourly: families.hourly(payload, channel: channel, now: now)
          case .daily: families.daily(payload, channel: channel, now: now)
          }
        }
      }
    }
    return outcome
  }

  /// A trend of some days of the target's zone.
  ///
  /// - Throws: `CollectionError`, or `CancellationError`.
  func trend(
    _ aggregation: KoreRequests.Aggregation,
    _ channel: KoreConfiguration.Channel,
    _ days: ClosedRange<CivilDate>,
    _ context: CollectionContext
  ) async throws -> KorePayload {
    let endpoint =
      "POST \(requests.path) aggregation_type=\(aggregation.rawValue) channel=\(channel.name)"
    let response = try await context.client.send(
      "POST",
      requests.path
        + requests.query(aggregation, channel, from: days.lowerBound, to: days.upperBound),
      fields: [
        HTTPField("auth", try token(now: context.time.unixTime, endpoint: endpoint)),
        HTTPField("Content-Type", "application/json"),
        HTTPField("Accept", "application/json"),
      ],
      body: KoreRequests.body,
      endpoint: endpoint
    )
    let payload = try PayloadDecoder.decode(KorePayload.self, from: response, endpoint: endpoint)
    guard !payload.hasErrors, let rows = payload.rows else {
      throw KoreCollector.failure(payload, response, context, endpoint)
    }
    switch aggregation {
    case .hourly:
      guard rows.isEmpty || rows.contains(where: { !$0.hours.isEmpty }) else {
        throw CollectionError(
          .decode,
          endpoint: endpoint,
          "the rows of \"results\" have no hours such as \"0 - 1\""
        )
      }
    case .daily:
      guard rows.isEmpty || rows.contains(where: { $0.users != nil }) else {
        throw CollectionError(
          .decode,
          endpoint: endpoint,
          "the rows of \"results\" have no \"users\""
        )
      }
    }
    return payload
  }

  private func token(now: Double, endpoint: String) throws(CollectionError) -> String {
    do {
      return try configuration.credentials.header(now: now)
    } catch let error as TransportError {
      throw CollectionError(.auth, endpoint: endpoint, error.message)
    } catch {
      throw CollectionError(.auth, endpoint: endpoint, "\(error)")
    }
  }

  /// An answer with errors, or without results.
  private static func failure(
    _ payload: KorePayload,
    _ response: HTTPClientResponse,
    _ context: CollectionContext,
    _ endpoint: String
  ) -> CollectionError {
    let said = ErrorEnvelope.message(in: response.body)
    if let said, RetryHint.speaksOfRateLimit(said) {
      return context.client.rateLimited(response, text: said, endpoint: endpoint)
    }
    guard payload.hasErrors || said != nil else {
      return CollectionError(.decode, endpoint: endpoint, "the answer has no \"results\"")
    }
    return CollectionError(
      .vendorError,
      endpoint: endpoint,
      said ?? "\"errors\" without a text that could be shown"
    )
  }
}

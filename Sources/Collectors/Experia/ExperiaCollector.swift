import CollectorKit
import ConfigurationFile
import Exposition
import HTTPTransport

/// Polls Experia's dashboard summary: one request a view and period.
struct ExperiaCollector: Collector {
  private let configuration: ExperiaConfiguration
  private let requests: ExperiaRequests
  private let families: ExperiaFamilies

  /// Experia's entry in the table of built-in collectors.
  ///
  /// The limit is 200 requests an hour and API key (vendor page, "Rate Limiting").
  static let definition = VendorDefinition(
    name: "experia",
    rateLimits: [RateLimit(requests: 200, window: 3600)]
  ) { section, _ in
    let configuration = ExperiaConfiguration(section)
    guard let configuration else { return nil }
    if !configuration.cards.isEmpty {
      section.warn("cards are checked but not polled by this version", at: "cards")
    }
    guard let key = try? configuration.apiKey.value() else { return nil }
    return ConfiguredCollector(
      collector: ExperiaCollector(configuration),
      credential: "experia\n\(key)"
    )
  }

  init(_ configuration: ExperiaConfiguration) {
    self.configuration = configuration
    requests = ExperiaRequests(configuration: configuration)
    families = ExperiaFamilies(configuration: configuration)
  }

  var plan: RequestPlan {
    let count = configuration.views.count * configuration.periods.count
    return RequestPlan([RequestPlan.Entry("views and periods", requests: count)])
  }

  var configuredFamilies: [MetricFamily] { families.configuredFamilies }

  func collect(in context: CollectionContext) async throws -> PollOutcome {
    var outcome = PollOutcome()
    for view in configuration.views {
      for period in configuration.periods {
        try await outcome.part("\(view.name)/\(period.rawValue)") {
          try await summary(view, period, context)
        }
      }
    }
    return outcome
  }

  private func summary(
    _ view: ExperiaConfiguration.View,
    _ period: ExperiaConfiguration.Period,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let endpoint =
      "POST \(ExperiaRequests.summaryPath) view=\(view.name) period=\(period.rawValue)"
    let key: String
    do {
      key = try configuration.apiKey.value()
    } catch {
      throw CollectionError(.auth, endpoint: endpoint, "\(error)")
    }
    let asked = context.time.unixTime
    let response = try await context.client.send(
      "POST",
      ExperiaRequests.summaryPath,
      fields: [
        HTTPField("X-API-Key", key), HTTPField("Content-Type", "application/json"),
        HTTPField("Accept", "application/json"),
      ],
      body: try requests.summaryBody(view: view, filter: period.filter),
      endpoint: endpoint
    )
    let answered = context.time.unixTime
    let payload = try PayloadDecoder.decode(
      ExperiaPayload.self,
      from: response,
      endpoint: endpoint
    )
    guard payload.status == "SUCCESS" else {
      throw ExperiaCollector.failure(payload, response, endpoint)
    }
    return families.values(
      payload,
      view: view,
      period: period,
      asked: asked,
      answered: answered
    )
  }

  /// Any status but SUCCESS is a failure; an answer without one is not the documented answer.
  private static func failure(
    _ payload: ExperiaPayload,
    _ response: HTTPClientResponse,
    _ endpoint: String
  ) -> CollectionError {
    let said = ErrorEnvelope.message(in: response.body)
    guard let status = payload.status else {
      guard let said else {
        return CollectionError(.decode, endpoint: endpoint, "the answer has no “status”")
      }
      return CollectionError(.vendorError, endpoint: endpoint, said)
    }
    let detail = said.map { ": \($0)" } ?? ""
    return CollectionError(
      .vendorError,
      endpoint: endpoint,
      "status “\(ErrorEnvelope.printable(status))” instead of SUCCESS\(detail)"
    )
  }
}

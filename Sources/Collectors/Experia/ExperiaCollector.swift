import CollectorKit
import ConfigurationFile
import Exposition
import HTTPTransport

/// Polls Experia's dashboard summary: one request a view and period.
struct ExperiaCollector: Collector {
  let configuration: ExperiaConfiguration
  private let requests: ExperiaRequests
  let families: ExperiaFamilies

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
    let asked = context.time.unixTime
    let payload = try await ask(view, period.filter, "period=\(period.rawValue)", context)
    return families.values(
      payload,
      view: view,
      period: period,
      asked: asked,
      answered: context.time.unixTime
    )
  }

  /// One summary.
  ///
  /// - Parameters:
  ///   - view: The selection of sessions.
  ///   - filter: The vendor's `filter`.
  ///   - name: What the filter is called in errors.
  ///   - context: The poll's.
  /// - Returns: A successful answer.
  /// - Throws: `CollectionError`, or `CancellationError`.
  func ask(
    _ view: ExperiaConfiguration.View,
    _ filter: String,
    _ name: String,
    _ context: CollectionContext
  ) async throws -> ExperiaPayload {
    let endpoint = "POST \(ExperiaRequests.summaryPath) view=\(view.name) \(name)"
    let key: String
    do {
      key = try configuration.apiKey.value()
    } catch {
      throw CollectionError(.auth, endpoint: endpoint, "\(error)")
    }
    let response = try await context.client.send(
      "POST",
      ExperiaRequests.summaryPath,
      fields: [
        HTTPField("X-API-Key", key), HTTPField("Content-Type", "application/json"),
        HTTPField("Accept", "application/json"),
      ],
      body: try requests.summaryBody(view: view, filter: filter),
      endpoint: endpoint
    )
    let payload = try PayloadDecoder.decode(
      ExperiaPayload.self,
      from: response,
      endpoint: endpoint
    )
    guard payload.status == "SUCCESS" else {
      throw ExperiaCollector.failure(payload, response, endpoint)
    }
    return payload
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
        return CollectionError(.decode, endpoint: endpoint, "the answer has no \"status\"")
      }
      return CollectionError(.vendorError, endpoint: endpoint, said)
    }
    let detail = said.map { ": \($0)" } ?? ""
    return CollectionError(
      .vendorError,
      endpoint: endpoint,
      "status \"\(ErrorEnvelope.printable(status))\" instead of SUCCESS\(detail)"
    )
  }
}

extension ExperiaCollector: DayClosing {
  var dayZone: Zone { configuration.timezoneOffset }

  var dayOverlap: Int { 0 }

  /// A range of one day names the day, whatever the vendor's clock says (vendor page, "Filter
  /// Values").
  func closingTotals(
    of day: CivilDate,
    except parts: Set<String>,
    in context: CollectionContext
  ) async throws -> PollOutcome {
    var outcome = PollOutcome()
    guard configuration.periods.contains(.daily) else { return outcome }
    for view in configuration.views where !parts.contains(view.name) {
      try await outcome.part(view.name) {
        let payload = try await ask(view, "\(day) to \(day)", "day=\(day)", context)
        var values = PollOutcome.Values()
        values.observations = families.observations(
          payload,
          view: view,
          bucket: DayInProgress.bucket(of: day, in: dayZone),
          &values.skipped
        )
        return values
      }
    }
    return outcome
  }
}

import CollectorKit
import ConfigurationFile
import Exposition
import HTTPTransport

/// Polls Experia's dashboard: the summary, one request a view and period, and the cards, one request a
/// view at the card's interval.
struct ExperiaCollector: Collector {
  let configuration: ExperiaConfiguration
  private let requests: ExperiaRequests
  let families: ExperiaFamilies
  private let schedule: PartSchedule

  /// Experia's entry in the table of built-in collectors.
  ///
  /// The limit is 200 requests an hour and API key (vendor page, "Rate Limiting").
  static let definition = VendorDefinition(
    name: "experia",
    rateLimits: [RateLimit(requests: 200, window: 3600)]
  ) { section, settings in
    let labels = Set(settings.labels.labels.map(\.name))
    guard let configuration = ExperiaConfiguration(section, labels: labels) else { return nil }
    guard let key = try? configuration.apiKey.value() else { return nil }
    return ConfiguredCollector(
      collector: ExperiaCollector(configuration, interval: settings.interval),
      credential: "experia\n\(key)"
    )
  }

  /// A collector that has asked for nothing yet.
  ///
  /// - Parameters:
  ///   - configuration: The target's own keys.
  ///   - interval: Seconds between two polls of the target.
  init(_ configuration: ExperiaConfiguration, interval: Double) {
    self.configuration = configuration
    schedule = PartSchedule(pollInterval: interval)
    requests = ExperiaRequests(configuration: configuration)
    families = ExperiaFamilies(configuration: configuration)
  }

  var plan: RequestPlan {
    let count = configuration.views.count * configuration.periods.count
    var entries = [RequestPlan.Entry("views and periods", requests: count)]
    for interval in Set(configuration.cards.map(\.interval)).sorted() {
      let cards = configuration.cards.filter { $0.interval == interval }
      let requests = cards.reduce(0) { $0 + $1.views.count }
      entries.append(RequestPlan.Entry("cards", requests: requests, every: interval))
    }
    return RequestPlan(entries)
  }

  var namedFamilies: [ConfiguredFamily] {
    configuration.cards.flatMap(\.mappers).map(\.mapping.family)
  }

  var histograms: [HistogramTotals] {
    configuration.cards.compactMap(\.sessions).flatMap { [$0.waiting, $0.handling] }
  }

  var configuredFamilies: [MetricFamily] { families.configuredFamilies }

  func collect(in context: CollectionContext) async throws -> PollOutcome {
    var outcome = PollOutcome()
    for view in configuration.views {
      for period in configuration.periods {
        try await outcome.part("\(view.name)/\(period.name)") {
          try await summary(view, period, context)
        }
      }
    }
    for card in configuration.cards {
      for view in configuration.views where card.views.contains(view.name) {
        try await outcome.part(
          "card/\(card.name)/\(view.name)",
          every: card.interval,
          of: schedule,
          context.time
        ) {
          try await values(of: card, view, context)
        }
      }
    }
    return outcome
  }

  private func values(
    of card: ExperiaCard,
    _ view: ExperiaConfiguration.View,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let day = dayZone.date(at: context.time.unixTime)
    let table = try await ask(card, view, on: day, "period=\(card.period.name)", context)
    return ExperiaCardFamilies(card: card).values(
      table,
      view: view.name,
      bucket: card.period == .daily ? DayInProgress.bucket(of: day, in: dayZone) : nil
    )
  }

  private func summary(
    _ view: ExperiaConfiguration.View,
    _ period: ExperiaPeriod,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let day = dayZone.date(at: context.time.unixTime)
    let payload = try await ask(view, period, on: day, "period=\(period.name)", context)
    // The day is named in the request; what the other periods are, the vendor decides as it answers.
    let answered = period == .daily ? day : dayZone.date(at: context.time.unixTime)
    return families.values(payload, view: view, period: period, on: answered)
  }

  /// One summary.
  ///
  /// - Parameters:
  ///   - view: The selection of sessions.
  ///   - period: The period.
  ///   - day: The day that `daily` is.
  ///   - name: What the period is called in errors.
  ///   - context: The poll's.
  /// - Returns: A successful answer.
  /// - Throws: `CollectionError`, or `CancellationError`.
  func ask(
    _ view: ExperiaConfiguration.View,
    _ period: ExperiaPeriod,
    on day: CivilDate,
    _ name: String,
    _ context: CollectionContext
  ) async throws -> ExperiaPayload {
    let (response, endpoint) = try await send(
      ExperiaRequests.summaryPath,
      "view=\(view.name) \(name)",
      try requests.body(view: view, filter: period.filter(on: day)),
      context
    )
    let payload = try PayloadDecoder.decode(
      ExperiaPayload.self,
      from: response,
      endpoint: endpoint
    )
    guard payload.status == "SUCCESS" else {
      throw ExperiaCollector.failure(payload.status, response, endpoint, context)
    }
    guard payload.hasFigures else {
      throw CollectionError(
        .decode,
        endpoint: endpoint,
        "the answer has none of the documented figures in a form that can be read"
      )
    }
    return payload
  }

  /// One card's content, as `ask(_:_:on:_:_:)` asks for a summary.
  private func ask(
    _ card: ExperiaCard,
    _ view: ExperiaConfiguration.View,
    on day: CivilDate,
    _ name: String,
    _ context: CollectionContext
  ) async throws -> RowTable {
    let (response, endpoint) = try await send(
      ExperiaRequests.path(of: card),
      "view=\(view.name) \(name)",
      try requests.body(view: view, filter: card.period.filter(on: day), card: card),
      context
    )
    let place = RowTable.Place.at(["cardContent"] + card.rows)
    let table = try RowTable.decode(
      from: response,
      place,
      endpoint: endpoint,
      isRequired: false
    )
    guard table.scalars["status"] == "SUCCESS" else {
      throw ExperiaCollector.failure(table.scalars["status"], response, endpoint, context)
    }
    // An answer is of the card that it names, whatever was asked for on its connection.
    if let named = table.scalars["cardName"], named.uppercased() != card.card {
      throw CollectionError(
        .decode,
        endpoint: endpoint,
        "the answer is of the card \"\(Identifier.masked(named))\""
      )
    }
    guard table.isFound else { throw table.failure(place) }
    return table
  }

  /// Sends a request; `parameters` names it in errors.
  private func send(
    _ path: String,
    _ parameters: String,
    _ body: [UInt8],
    _ context: CollectionContext
  ) async throws -> (response: HTTPClientResponse, endpoint: String) {
    let endpoint = "POST \(path) \(parameters)"
    let response = try await context.client.post(
      path,
      body,
      key: ("X-API-Key", configuration.apiKey),
      endpoint: endpoint
    )
    return (response, endpoint)
  }

  /// Any status but SUCCESS is a failure; an answer without one is not the documented answer.
  private static func failure(
    _ status: String?,
    _ response: HTTPClientResponse,
    _ endpoint: String,
    _ context: CollectionContext
  ) -> CollectionError {
    context.client.refusal(
      in: response,
      endpoint: endpoint,
      preface: status.map { "status \"\($0)\" instead of SUCCESS" }
    ) ?? CollectionError(.decode, endpoint: endpoint, "the answer has no \"status\"")
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
    let bucket = DayInProgress.bucket(of: day, in: dayZone)
    for view in configuration.views where configuration.periods.contains(.daily) {
      try await outcome.part(view.name, except: parts) {
        let payload = try await ask(view, .daily, on: day, "day=\(day)", context)
        var values = PollOutcome.Values()
        values.observations = families.observations(
          payload,
          view: view,
          bucket: bucket,
          &values.skipped
        )
        return values
      }
    }
    for card in configuration.cards where card.hasCounters {
      for view in configuration.views where card.views.contains(view.name) {
        try await outcome.part("card/\(card.name)/\(view.name)", except: parts) {
          let table = try await ask(card, view, on: day, "day=\(day)", context)
          return ExperiaCardFamilies(card: card)
            .closingValues(table, view: view.name, bucket: bucket)
        }
      }
    }
    return outcome
  }
}

extension ExperiaCollector: Exploring {
  var exploreFlags: [String] { ["--card=CARD"] }

  /// A card of the first view: one that is configured as it is configured there, any other by its name.
  func explore(
    _ query: ExploreQuery,
    in context: CollectionContext
  ) async throws -> [ExploredTable]? {
    guard case .card(let name) = query else { return nil }
    let configured = configuration.cards.first { $0.name == name || $0.card == name }
    guard configured != nil || ExperiaCard.names.contains(name) else {
      throw CollectionError(
        .vendorError,
        endpoint: "--card=\(name)",
        "is none of the vendor's cards: \(ExperiaCard.names.joined(separator: ", "))"
      )
    }
    let views = configuration.views.filter { configured?.views.contains($0.name) ?? true }
    guard let view = views.first else { return [] }
    let card = configured ?? ExperiaCard(exploring: name, view: view.name)
    let period = card.period.name
    let day = dayZone.date(at: context.time.unixTime)
    let table = try await ask(card, view, on: day, "period=\(period)", context)
    var subject = card.card.lowercased()
    if subject.hasPrefix("card") { subject.removeFirst(4) }
    return [
      ExploredTable(
        title: "\(card.name) of view \(view.name), \(period)",
        table: table,
        metric: "experia_card_\(subject)",
        place: ["    cards:", "      - card: \(card.card)"]
          + (card.rows.isEmpty ? [] : ["        rows: \(card.rows.joined(separator: "."))"])
      )
    ]
  }
}

import CollectorKit
import Exposition
import HTTPTransport
import Ledger

/// Polls a target's dashboard widgets and maps their rows.
struct KoreWidgets: Sendable {
  /// A widget with what is kept of it between polls.
  private struct Source: Sendable {
    /// The key of its part: a widget may be asked for twice, with other filters or another range.
    let key: String
    let widget: KoreWidget
    let requests: KoreWidgetRequests
    let mappers: [RowMapper]
    let pages: RowPages
  }

  /// Where the rows are: nested twice (vendor page, "Sample Response").
  private static let place = RowTable.Place.at(["queryResponse", "queryResponse"])

  private let configuration: KoreConfiguration
  private let sources: [Source]
  private let pastDays: PastDays
  private let schedule: PartSchedule

  init(configuration: KoreConfiguration, pollInterval: Double) {
    self.configuration = configuration
    schedule = PartSchedule(pollInterval: pollInterval)
    pastDays = PastDays(zone: configuration.timezone)
    var keys = PartKeys()
    sources = configuration.widgets.map { widget in
      let key = keys.key("widget \(widget.name)")
      return KoreWidgets.source(widget, key: key, botID: configuration.botID)
    }
  }

  private static func source(_ widget: KoreWidget, key: String, botID: String) -> Source {
    Source(
      key: key,
      widget: widget,
      requests: KoreWidgetRequests(botID: botID, widget: widget),
      mappers: widget.mappings.map(RowMapper.init),
      pages: RowPages(
        limit: KoreWidgetRequests.limit,
        maximum: widget.maximumRows,
        mayBeCapped: false
      )
    )
  }

  /// What the widgets add to a poll: as many pages as each had last, at first one.
  var plan: [RequestPlan.Entry] {
    var entries: [RequestPlan.Entry] = []
    for source in sources {
      entries.add("widgets", requests: source.pages.requests ?? 1, every: source.widget.interval)
    }
    return entries
  }

  /// Whether a widget may turn out to have more than one page.
  var isEstimate: Bool { sources.contains { $0.pages.requests == nil } }

  /// Asks for all widgets.
  func collect(into outcome: inout PollOutcome, _ context: CollectionContext) async throws {
    for source in sources {
      try await outcome.part(
        source.key,
        every: source.widget.interval,
        of: schedule,
        context.time
      ) {
        try await values(source, context)
      }
      let now = context.time.unixTime
      guard source.widget.hasCounter else { continue }
      try await pastDays.ask(source.key, into: &outcome, at: now) { day in
        try await closing(of: day, source, context)
      }
    }
  }

  /// Asks for the counters' totals of a day that has ended.
  ///
  /// - Parameters:
  ///   - day: The day.
  ///   - parts: The parts that are not asked for again.
  ///   - outcome: Takes a part for each widget.
  ///   - context: What the requests may use.
  /// - Throws: `CancellationError` where the poll was cancelled.
  func close(
    _ day: CivilDate,
    except parts: Set<String>,
    into outcome: inout PollOutcome,
    _ context: CollectionContext
  ) async throws {
    for source in sources where source.widget.hasCounter {
      try await outcome.part(source.key, except: parts) {
        try await closing(of: day, source, context)
      }
    }
  }

  /// The rows of one widget, as it is configured or else of today.
  func explore(
    dashboard: String,
    widget name: String,
    _ context: CollectionContext
  ) async throws -> ExploredTable {
    let configured = sources.first { source in
      source.widget.dashboard == dashboard && source.widget.widget == name
    }
    let source =
      configured
      ?? KoreWidgets.source(
        KoreWidget(exploring: name, dashboard: dashboard),
        key: "",
        botID: configuration.botID
      )
    let today = configuration.timezone.date(at: context.time.unixTime)
    let first = today.adding(days: 1 - source.widget.days)
    return ExploredTable(
      title: "\(dashboard)/\(name) from \(first) to \(today)",
      table: try await table(source, from: first, to: today, context),
      metric: "kore_\(name)",
      place: [
        "    widgets:", "      - dashboard: \(MappingSuggestion.quoted(dashboard))",
        "        widget: \(MappingSuggestion.quoted(name))",
      ]
    )
  }

  private func values(
    _ source: Source,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let today = configuration.timezone.date(at: context.time.unixTime)
    let table = try await table(
      source,
      from: today.adding(days: 1 - source.widget.days),
      to: today,
      context
    )
    // The request names the day: its total is of that day whenever the answer comes.
    let bucket = DayInProgress.bucket(of: today, in: configuration.timezone)
    return source.mappers.values(of: table, bucket: bucket)
  }

  /// The counters' observations of a day that is over.
  private func closing(
    of day: CivilDate,
    _ source: Source,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let table = try await table(source, from: day, to: day, context, note: " day=\(day)")
    let bucket = DayInProgress.bucket(of: day, in: configuration.timezone)
    return source.mappers.closingValues(of: table, bucket: bucket)
  }

  private func table(
    _ source: Source,
    from first: CivilDate,
    to last: CivilDate,
    _ context: CollectionContext,
    note: String = ""
  ) async throws -> RowTable {
    let requests = source.requests
    let name = "\(requests.method) \(requests.path)\(note)"
    return try await source.pages.table(
      endpoint: name,
      advice: "group the widget by what the mapping's labels show, or raise max_rows",
      log: context.log
    ) { skip in
      let endpoint = skip == 0 ? name : "\(name) skip=\(skip)"
      let body = try requests.body()
      let response = try await context.client.send(
        requests.method,
        requests.path + requests.query(from: first, to: last, skip: skip),
        fields: try configuration.fields(now: context.time.unixTime, endpoint: endpoint),
        body: body,
        endpoint: endpoint
      )
      return try KoreWidgets.table(response, endpoint, context)
    }
  }

  /// The rows of an answer; one with `errors` is a failure, whatever its status.
  private static func table(
    _ response: HTTPClientResponse,
    _ endpoint: String,
    _ context: CollectionContext
  ) throws(CollectionError) -> RowTable {
    let table: RowTable
    do {
      table = try RowTable.decode(from: response, place, endpoint: endpoint)
    } catch {
      // An envelope instead of rows tells more than that the rows are missing.
      throw KoreRefusal.error(response, context, endpoint) ?? error
    }
    if table.members.contains("errors"),
      try PayloadDecoder.decode(KorePayload.self, from: response, endpoint: endpoint).hasErrors,
      let refusal = KoreRefusal.error(hasErrors: true, response, context, endpoint)
    {
      throw refusal
    }
    return table
  }
}

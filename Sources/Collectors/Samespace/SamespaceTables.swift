import CollectorKit
import Ledger

/// Polls what has rows: reports, and insights that are given a mapping.
struct SamespaceTables: Sendable {
  /// A table with what is kept of it between polls.
  struct Source: Sendable {
    let subject: SamespaceRequests.Subject
    let table: SamespaceTable
    let range: SamespaceRange?
    let filters: [SamespaceFilter]
    let mappers: [RowMapper]
    let pages: RowPages

    init(
      _ subject: SamespaceRequests.Subject,
      _ table: SamespaceTable,
      range: SamespaceRange?,
      filters: [SamespaceFilter]
    ) {
      self.subject = subject
      self.table = table
      self.range = range
      self.filters = filters
      mappers = table.mappings.map(RowMapper.init)
      pages = RowPages(limit: table.limit, maximum: table.maximumRows, mayBeCapped: true)
    }

    /// Whether a day's totals are counted, so that the table is asked for by its day.
    var countsDays: Bool { table.hasCounter }
    /// How many requests a poll of it takes, as far as is known.
    var requests: Int { pages.requests ?? 1 }
    /// Whether that is known.
    var isEstimate: Bool { pages.requests == nil }
  }

  /// A report and the key of its part.
  struct Report: Sendable {
    let key: String
    let source: Source
  }

  let client: SamespaceClient
  private let configuration: SamespaceConfiguration
  /// When the totals of the day before were asked for.
  let pastDays: PastDays
  private let schedule: PartSchedule
  /// The mapped insights by dashboard and insight.
  private let insights: [String: [String: Source]]
  let reports: [Report]

  init(configuration: SamespaceConfiguration, pollInterval: Double) {
    self.configuration = configuration
    schedule = PartSchedule(pollInterval: pollInterval)
    client = SamespaceClient(apiKey: configuration.apiKey)
    // After the hour in which the ledger holds totals that may be old: it holds them against the last
    // one of the running day, which a caching vendor repeats, not against the day's own.
    pastDays = PastDays(zone: configuration.zone ?? .utc, after: Observation.longestHold)
    var insights: [String: [String: Source]] = [:]
    for dashboard in configuration.dashboards {
      for (id, insight) in dashboard.insights {
        guard let table = insight.table else { continue }
        insights[dashboard.id, default: [:]][id] = Source(
          .insight(id, dashboard: dashboard.id),
          table,
          range: insight.range ?? dashboard.range,
          filters: dashboard.filters + insight.filters
        )
      }
    }
    self.insights = insights
    var keys = PartKeys()
    reports = configuration.reports.map { report in
      Report(
        key: keys.key("report \(report.id)"),
        source: Source(
          .report(report.id),
          report.table,
          range: report.range,
          filters: report.filters
        )
      )
    }
  }

  /// The table of an insight; nil where it is given no mapping.
  func source(dashboard: String, insight: String) -> Source? {
    insights[dashboard]?[insight]
  }

  /// Polls one table.
  ///
  /// - Parameters:
  ///   - source: The table.
  ///   - key: The part's key.
  ///   - range: The vendor's range where the configuration gives none.
  ///   - timezone: The zone where the configuration gives none.
  ///   - outcome: Takes the part.
  ///   - context: What a poll may use.
  /// - Throws: `CancellationError` where the poll was cancelled.
  func collect(
    _ source: Source,
    _ key: String,
    range: SamespaceRange? = nil,
    timezone: String? = nil,
    into outcome: inout PollOutcome,
    _ context: CollectionContext
  ) async throws {
    let asked = context.time.unixTime
    let (options, bucket) = options(source, range: range, timezone: timezone, now: asked)
    try await outcome.part(key, every: source.table.interval, of: schedule, context.time) {
      source.mappers.values(of: try await table(source, options, context), bucket: bucket)
        .ofRunningDay
    }
    guard source.countsDays else { return }
    try await pastDays.ask(key, into: &outcome, at: asked) { day in
      try await closing(of: day, source, timezone: timezone, context)
    }
  }

  /// The counters' observations of a day that is over.
  func closing(
    of day: CivilDate,
    _ source: Source,
    timezone: String?,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let now = context.time.unixTime
    var (options, _) = options(source, range: nil, timezone: timezone, now: now)
    let bucket = options.ask(forDay: day, in: configuration.zone ?? .utc, now: now)
    let table = try await table(source, options, context)
    return source.mappers.closingValues(of: table, bucket: bucket)
  }

  /// The rows of an insight or report, as it is configured or else of the vendor's own range.
  func explore(
    _ subject: SamespaceRequests.Subject,
    range: SamespaceRange? = nil,
    timezone: String? = nil,
    _ context: CollectionContext
  ) async throws -> RowTable {
    let configured: Source?
    switch subject {
    case .insight(let id, let dashboard): configured = source(dashboard: dashboard, insight: id)
    case .report: configured = reports.first { $0.source.subject == subject }?.source
    }
    let source = configured ?? Source(subject, SamespaceTable(), range: nil, filters: [])
    let (options, _) = options(
      source,
      range: range,
      timezone: timezone,
      now: context.time.unixTime
    )
    return try await table(source, options, context)
  }

  /// What a table is asked with, and the day of its totals where it has a counter.
  private func options(
    _ source: Source,
    range: SamespaceRange?,
    timezone: String?,
    now: Double
  ) -> (SamespaceRequests.Options, Bucket?) {
    var options = SamespaceRequests.Options(
      timezone: configuration.timezone ?? timezone,
      filters: source.filters,
      sortID: source.table.sortID,
      sortOrder: source.table.sortOrder
    )
    let zone = configuration.zone ?? .utc
    guard source.countsDays else {
      options.ask(for: source.range ?? range, in: zone, now: now)
      return (options, nil)
    }
    let bucket = options.ask(forDay: nil, in: zone, now: now)
    return (options, bucket)
  }

  private func table(
    _ source: Source,
    _ options: SamespaceRequests.Options,
    _ context: CollectionContext
  ) async throws -> RowTable {
    try await source.pages.table(
      endpoint: source.subject.endpoint,
      advice: "take a shorter time range, or raise max_rows",
      log: context.log
    ) { skip in
      var options = options
      options.page = (skip, source.pages.limit)
      let body = try SamespaceRequests.dataBody(of: source.subject, options)
      return try await client.table(of: source.subject, body, context)
    }
  }
}

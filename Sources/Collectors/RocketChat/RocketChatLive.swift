import CollectorKit
import Exposition
import HTTPTransport
import Ledger

/// Asks the live endpoints: how many chats wait, which agents are there, how long it takes.
struct RocketChatLive: Sendable {
  let configuration: RocketChatConfiguration
  /// Yesterday's chats may be abandoned after midnight: asked again once an hour.
  private static let closingInterval = 3600.0

  private let pastDays = PastDays(zone: .utc, again: closingInterval)

  init(configuration: RocketChatConfiguration) {
    self.configuration = configuration
  }

  /// What the live endpoints add to a poll; nothing where they are not asked.
  var plan: [RequestPlan.Entry] {
    guard configuration.realtime else { return [] }
    let departments = configuration.departments.count
    return [
      RequestPlan.Entry(
        "live endpoints and departments",
        requests: RocketChatLiveEndpoint.allCases.count * departments
      ),
      RequestPlan.Entry(
        "yesterday's abandoned chats",
        requests: departments,
        every: RocketChatLive.closingInterval
      ),
    ]
  }

  /// Asks all endpoints for one department.
  func collect(
    _ department: RocketChatConfiguration.Department,
    into outcome: inout PollOutcome,
    _ context: CollectionContext
  ) async throws {
    for endpoint in RocketChatLiveEndpoint.allCases {
      try await outcome.part("\(department.name)/\(endpoint.rawValue)") {
        try await values(endpoint, department, context)
      }
    }
    let now = context.time.unixTime
    try await pastDays.ask(
      department.name,
      prefix: "\(department.name)/",
      into: &outcome,
      at: now
    ) { yesterday in
      try await closing(of: yesterday, department, context)
    }
  }

  /// Asks for a department's totals of a day that has ended.
  ///
  /// - Parameters:
  ///   - day: The UTC day.
  ///   - department: The department.
  ///   - parts: The parts that are not asked for again.
  ///   - outcome: Takes the part.
  ///   - context: What the request may use.
  /// - Throws: `CancellationError` where the poll was cancelled.
  func close(
    _ day: CivilDate,
    _ department: RocketChatConfiguration.Department,
    except parts: Set<String>,
    into outcome: inout PollOutcome,
    _ context: CollectionContext
  ) async throws {
    let part = "\(department.name)/\(RocketChatLiveEndpoint.abandonment.rawValue)"
    try await outcome.part(part, except: parts) { try await closing(of: day, department, context) }
  }

  /// The gauges of one endpoint, and the observations of the current day.
  private func values(
    _ endpoint: RocketChatLiveEndpoint,
    _ department: RocketChatConfiguration.Department,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let asked = context.time.unixTime
    let query: String
    switch endpoint.span {
    case .none: query = RocketChatLive.query(department, from: nil, to: nil)
    case .window:
      query = RocketChatLive.query(
        department,
        from: UTCInstant.text(asked - configuration.realtimeWindow),
        // A chat that has just begun must not be left out where the agent's clock is behind.
        to: UTCInstant.text(asked + VendorClock.tolerance)
      )
    case .day: query = RocketChatLive.query(department, of: Zone.utc.date(at: asked))
    }
    let figures = try await figures(endpoint, query, department, context)
    let bucket = DayInProgress.bucket(
      in: .utc,
      asked: asked,
      answered: context.time.unixTime
    )
    return RocketChatLive.values(figures, endpoint, department: department.name, bucket: bucket)
  }

  /// The observations of a day that is over.
  private func closing(
    of day: CivilDate,
    _ department: RocketChatConfiguration.Department,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let endpoint = RocketChatLiveEndpoint.abandonment
    let figures = try await figures(
      endpoint,
      RocketChatLive.query(department, of: day),
      department,
      context,
      note: " day=\(day)"
    )
    var values = RocketChatLive.values(
      figures,
      endpoint,
      department: department.name,
      bucket: DayInProgress.bucket(of: day, in: .utc)
    )
    values.families = []
    return values
  }

  /// The figures by the vendor's names.
  private func figures(
    _ endpoint: RocketChatLiveEndpoint,
    _ query: String,
    _ department: RocketChatConfiguration.Department,
    _ context: CollectionContext,
    note: String = ""
  ) async throws -> [String: RocketChatFigure] {
    let name = "GET \(endpoint.path) department=\(department.name)\(note)"
    let response = try await context.client.send(
      "GET",
      endpoint.path + query,
      fields: try configuration.fields(endpoint: name),
      endpoint: name
    )
    let payload = try PayloadDecoder.decode(
      RocketChatLivePayload.self,
      from: response,
      endpoint: name
    )
    let figures = endpoint.hasTotalizers ? payload.totalizers : payload.members
    let isKnown = endpoint.fields.contains { figures?[$0.name] != nil }
    // A workspace without agents answers agents-status with nothing but its success.
    let isEmpty = endpoint == .agents && payload.success == true
    guard payload.success != false, let figures, isKnown || isEmpty else {
      let wanted = endpoint.fields.map { "\"\($0.name)\"" }.joined(separator: ", ")
      let list = endpoint.hasTotalizers && payload.totalizers == nil ? "\"totalizers\"" : wanted
      throw RocketChatRefusal.error(
        success: payload.success,
        response,
        context,
        name,
        missing: "the answer has no \(list)"
      )
    }
    return figures
  }

  /// The families of an answer: a pure function of its figures.
  ///
  /// - Parameters:
  ///   - figures: The figures by the vendor's names.
  ///   - endpoint: Where they are from.
  ///   - department: The label `department`.
  ///   - bucket: The day of a day's totals; nil while it is in doubt.
  /// - Returns: The gauges, and observations where the day is known.
  static func values(
    _ figures: [String: RocketChatFigure],
    _ endpoint: RocketChatLiveEndpoint,
    department: String,
    bucket: Bucket?
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    for field in endpoint.fields {
      guard let value = figures[field.name]?.value(field.kind, field.name, &result.skipped) else {
        continue
      }
      var labels: LabelSet = ["department": department]
      if let label = field.label { labels = ["department": department, label.name: label.value] }
      let sample = Sample(labels: labels, value: value)
      if let index = result.families.firstIndex(where: { $0.name == field.gauge }) {
        result.families[index].samples.append(sample)
      } else {
        result.families.append(
          MetricFamily(
            name: field.gauge,
            type: .gauge,
            help: help(field.meaning, endpoint, field),
            samples: [sample]
          )
        )
      }
      guard let counter = field.counter, let bucket else { continue }
      result.observations.append(
        Observation(
          family: CounterFamily(
            name: counter,
            help: help("Abandoned chats, counted across days", endpoint, field)
          ),
          labels: labels,
          bucket: bucket,
          value: value
        )
      )
    }
    return result
  }

  private static func help(
    _ meaning: String,
    _ endpoint: RocketChatLiveEndpoint,
    _ field: RocketChatLiveEndpoint.Field
  ) -> String {
    let source = field.label == nil ? "\(endpoint.rawValue), \(field.name)" : endpoint.rawValue
    return "\(meaning) (\(source)); polled in the background and cached."
  }

  private static func query(
    _ department: RocketChatConfiguration.Department,
    of day: CivilDate
  ) -> String {
    query(
      department,
      from: UTCInstant.text(Double(Zone.utc.startOfDay(day))),
      to: UTCInstant.end(of: day)
    )
  }

  /// The query; as with charts-data never more than the server knows.
  private static func query(
    _ department: RocketChatConfiguration.Department,
    from start: String?,
    to end: String?
  ) -> String {
    let parameters: [(String, String?)] = [
      ("start", start), ("end", end), ("departmentId", department.id),
    ]
    let given = parameters.compactMap { name, value in
      value.map { "\(name)=\(PercentEncoding.queryValue($0))" }
    }
    return given.isEmpty ? "" : "?" + given.joined(separator: "&")
  }
}

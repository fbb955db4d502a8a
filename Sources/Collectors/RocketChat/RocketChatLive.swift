import CollectorKit
import Exposition
import HTTPTransport
import Ledger

/// Asks the live endpoints: how many chats wait, which agents are there, how long it takes.
struct RocketChatLive: Sendable {
  let configuration: RocketChatConfiguration
  /// Chats of yesterday may be abandoned after midnight: asked again once an hour.
  private static let closingInterval = 3600.0
  /// A past day's abandoned chats are the difference of two counts.
  private static let closingRequests = 2

  private let pastDays = PastDays(zone: .utc, again: closingInterval)

  init(configuration: RocketChatConfiguration) {
    self.configuration = configuration
  }

  /// What the live endpoints add to a poll; nothing if they are not asked.
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
        requests: RocketChatLive.closingRequests * departments,
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
        to: RocketChatLive.present(asked)
      )
    case .day:
      let today = Zone.utc.date(at: asked)
      query = RocketChatLive.query(
        department,
        from: RocketChatLive.start(of: today),
        to: UTCInstant.end(of: today)
      )
    case .closed:
      query = RocketChatLive.query(
        department,
        from: RocketChatLive.start(of: Zone.utc.date(at: asked)),
        to: RocketChatLive.present(asked)
      )
    }
    var skipped: [String] = []
    let figures = try await figures(endpoint, query, department, context, &skipped)
    let bucket = DayInProgress.bucket(
      in: .utc,
      asked: asked,
      answered: context.time.unixTime
    )
    var values = RocketChatLive.values(
      figures,
      endpoint,
      department: department.name,
      bucket: bucket
    )
    values.skipped += skipped
    return values
  }

  /// The observation of a day that is over: its abandoned chats, however late they were closed.
  ///
  /// The server counts the chats that began at `start` or later and were closed by `end`
  /// (`RocketChatLiveEndpoint.abandonedChats`). A chat that is open at midnight is therefore in no
  /// count of a single day; that day's chats are those since its start less those since the next
  /// day's. The larger count comes first: a chat that is abandoned between the two requests makes the
  /// difference too small until the next look, and never too large.
  private func closing(
    of day: CivilDate,
    _ department: RocketChatConfiguration.Department,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let (endpoint, field) = (
      RocketChatLiveEndpoint.abandonment, RocketChatLiveEndpoint.abandonedChats
    )
    // Not the second of the current day's question: the server keeps an answer for five seconds by
    // start, end and department (dashboards.ts, `mem`), and one from before the larger count would
    // make the difference too large.
    let end = RocketChatLive.present(context.time.unixTime + 1)
    var result = PollOutcome.Values()
    var counts: [Double] = []
    for first in [day, day.adding(days: 1)] {
      let figures = try await figures(
        endpoint,
        RocketChatLive.query(department, from: RocketChatLive.start(of: first), to: end),
        department,
        context,
        &result.skipped,
        note: " day=\(day)"
      )
      let value = RocketChatLive.value(field, in: figures, endpoint, &result.skipped)
      guard let value else { return result }
      counts.append(value)
    }
    if let observation = RocketChatLive.observation(
      field,
      endpoint,
      ["department": department.name],
      DayInProgress.bucket(of: day, in: .utc),
      max(0, counts[0] - counts[1])
    ) {
      result.observations.append(observation)
    }
    return result
  }

  /// The figures by the vendor's names; `skipped` takes those that the answer has twice.
  private func figures(
    _ endpoint: RocketChatLiveEndpoint,
    _ query: String,
    _ department: RocketChatConfiguration.Department,
    _ context: CollectionContext,
    _ skipped: inout [String],
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
    // A workspace without agents answers agents-status with nothing but its success.
    let isEmpty =
      endpoint == .agents && payload.success == true
      && payload.members.keys.allSatisfy { ["success", "_id"].contains($0) }
    guard payload.success != false, let figures, isEmpty || endpoint.isKnown(in: figures) else {
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
    skipped += payload.repeated.filter { title in endpoint.fields.contains { $0.name == title } }
      .map { "\($0) is in the answer twice, of which the last is taken" }
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
    guard endpoint.isKnown(in: figures) else { return result }
    var read: [String: Double] = [:]
    for field in endpoint.fields {
      guard let value = value(field, in: figures, endpoint, &result.skipped) else { continue }
      read[field.name] = value
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
      if let bucket, let observation = observation(field, endpoint, labels, bucket, value) {
        result.observations.append(observation)
      }
    }
    for sum in endpoint.sums {
      let values = sum.names.compactMap { read[$0] }
      // What has no value was reported as such above.
      guard values.count == sum.names.count else { continue }
      result.families.append(
        MetricFamily(
          name: sum.gauge,
          type: .gauge,
          help: help(sum.meaning, endpoint),
          samples: [Sample(labels: ["department": department], value: values.reduce(0, +))]
        )
      )
    }
    return result
  }

  /// A field's value; whatever the server should have given and did not is reported as skipped.
  private static func value(
    _ field: RocketChatLiveEndpoint.Field,
    in figures: [String: RocketChatFigure],
    _ endpoint: RocketChatLiveEndpoint,
    _ skipped: inout [String]
  ) -> Double? {
    guard let figure = figures[field.name] else {
      skipped.append("\(endpoint.rawValue) has no \(field.name)")
      return nil
    }
    return figure.value(field.kind, field.name, &skipped)
  }

  /// A day's total for the ledger, nil if the field has no counter.
  private static func observation(
    _ field: RocketChatLiveEndpoint.Field,
    _ endpoint: RocketChatLiveEndpoint,
    _ labels: LabelSet,
    _ bucket: Bucket,
    _ value: Double
  ) -> Observation? {
    guard let counter = field.counter else { return nil }
    let help = help("Abandoned chats, counted across days", endpoint, field)
    return Observation(
      family: CounterFamily(name: counter, help: help),
      labels: labels,
      bucket: bucket,
      value: value
    )
  }

  private static func help(
    _ meaning: String,
    _ endpoint: RocketChatLiveEndpoint,
    _ field: RocketChatLiveEndpoint.Field? = nil
  ) -> String {
    var source = endpoint.rawValue
    if let field, field.label == nil { source += ", \(field.name)" }
    return "\(meaning) (\(source)); polled in the background and cached."
  }

  /// The first instant of a UTC day.
  private static func start(of day: CivilDate) -> String {
    UTCInstant.text(Double(Zone.utc.startOfDay(day)))
  }

  /// The present, and a little later: the agent's clock may be behind the server's.
  private static func present(_ unixTime: Double) -> String {
    UTCInstant.text(unixTime + VendorClock.tolerance)
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

import CollectorKit
private import FoundationEssentials
import Ledger

/// Builds the bodies of `POST /analytics/api`: a GraphQL operation and its variables.
///
/// The queries ask only for what the exporter needs: the less is asked, the less a change of the
/// vendor's schema can break.
struct SamespaceRequests: Sendable {
  /// The GraphQL endpoint's path (vendor page, "GraphQL Endpoint & Header Details").
  static let path = "/analytics/api"

  /// What data is asked of.
  enum Subject: Sendable, Equatable {
    case insight(String, dashboard: String)
    case report(String)

    /// The operation's name.
    var operation: String {
      switch self {
      case .insight: "GetInsightData"
      case .report: "GetReportData"
      }
    }

    /// The field of the answer's `data`.
    var field: String {
      switch self {
      case .insight: "getInsightData"
      case .report: "getReportData"
      }
    }

    /// How messages name the request.
    var endpoint: String {
      let of =
        switch self {
        case .insight(let id, let dashboard): "dashboard=\(dashboard) insight=\(id)"
        case .report(let id): "report=\(id)"
        }
      return "POST \(SamespaceRequests.path) \(operation) \(ErrorEnvelope.printable(of))"
    }
  }

  /// What narrows the data down; what is nil is left out and up to the vendor.
  struct Options: Sendable {
    /// A range by name.
    var timeRange: String?
    /// A range by its ends; `timeRange` is sent as null then, and so is an end that is nil.
    var ends: (start: SamespaceDate?, end: SamespaceDate?)?
    var timezone: String?
    var filters: [SamespaceFilter] = []
    var sortID: String?
    var sortOrder: Int?
    /// A page of rows: how many are skipped, and the most that come.
    var page: (skip: Int, limit: Int)?

    /// Asks for a range; nil leaves it to the vendor.
    mutating func ask(for range: SamespaceRange?, in zone: Zone, now: Double) {
      switch range {
      case .named(let name): timeRange = name
      case .custom(let start, let end): ends = (start, end)
      case .fixed, nil:
        ends = range?.bounds(in: zone, now: now).map { bounds in
          (SamespaceDate(unixTime: bounds.start), SamespaceDate(unixTime: bounds.end))
        }
      }
    }

    /// Asks for a counter's total of a day, by the day's own start and end.
    ///
    /// So the answer is that day's whatever the vendor's clock or cache says, and whenever it comes;
    /// a name such as TODAY may still mean yesterday after midnight.
    ///
    /// - Parameters:
    ///   - day: A day that is over; nil for the running one up to now.
    ///   - zone: Where the day begins and ends.
    ///   - now: The present time.
    /// - Returns: The day's bucket.
    mutating func ask(forDay day: CivilDate?, in zone: Zone, now: Double) -> Bucket {
      let bucket = DayInProgress.bucket(of: day ?? zone.date(at: now), in: zone)
      let end = day == nil ? now : Double(bucket.end)
      ends = (SamespaceDate(unixTime: Double(bucket.start)), SamespaceDate(unixTime: end))
      return bucket
    }
  }

  private static let dashboardQuery =
    "query GetDashboard($id: String) { dashboard(id: $id) { id timeRange startTime endTime timezone "
    + "insights { id title timeRange timezone template { type preferences { "
    + "... on StatTemplatePreference { valueFormat } } } } } }"

  /// The body that asks for a dashboard's insights.
  static func dashboardBody(id: String) throws -> [UInt8] {
    try encode(
      Body(operationName: "GetDashboard", query: dashboardQuery, variables: [.text("id", id)])
    )
  }

  /// The body that asks for an insight's or a report's data.
  static func dataBody(of subject: Subject, _ options: Options) throws -> [UInt8] {
    var variables: [Variable]
    switch subject {
    case .insight(let id, let dashboard):
      variables = [
        .text("dashboardId", dashboard, type: "ID!"), .text("insightId", id, type: "ID!"),
      ]
    case .report(let id): variables = [.text("reportId", id, type: "ID!")]
    }
    variables += SamespaceRequests.variables(options)
    let declared = variables.map { "$\($0.name): \($0.type)" }.joined(separator: ", ")
    let passed = variables.map { "\($0.name): $\($0.name)" }.joined(separator: ", ")
    return try encode(
      Body(
        operationName: subject.operation,
        query: "query \(subject.operation)(\(declared)) { \(subject.field)(\(passed)) }",
        variables: variables
      )
    )
  }

  /// An instant as the vendor's rows write it: `2026-01-31T08:00:00.000Z`.
  static func date(_ unixTime: Double) -> String {
    UTCInstant.text(unixTime)
  }

  private static func variables(_ options: Options) -> [Variable] {
    var variables = [
      options.ends == nil
        ? Variable.text("timeRange", options.timeRange, type: "TimeRange")
        : Variable(name: "timeRange", type: "TimeRange", value: .null),
      .text("timezone", options.timezone),
    ]
    if let ends = options.ends {
      variables += [
        Variable(name: "startTime", type: "Date", value: ends.start.map { .date($0) } ?? .null),
        Variable(name: "endTime", type: "Date", value: ends.end.map { .date($0) } ?? .null),
      ]
    }
    if let page = options.page {
      variables.append(Variable(name: "skip", type: "Int", value: .integer(page.skip)))
    }
    if let sortID = options.sortID {
      variables.append(.text("sortId", sortID))
      if let order = options.sortOrder {
        variables.append(Variable(name: "sortOrder", type: "Int", value: .integer(order)))
      }
    }
    if let page = options.page {
      variables.append(Variable(name: "limit", type: "Int", value: .integer(page.limit)))
    }
    if !options.filters.isEmpty {
      variables.append(
        Variable(name: "filters", type: "[FilterInput!]", value: .filters(options.filters))
      )
    }
    return variables
  }

  private static func encode(_ body: Body) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(body))
  }

  /// A variable of an operation, as it is declared and as it is sent.
  private struct Variable {
    enum Value {
      case text(String)
      case date(SamespaceDate)
      case integer(Int)
      case filters([SamespaceFilter])
      case null
      /// Declared, and not sent.
      case none
    }

    let name: String
    let type: String
    let value: Value

    static func text(_ name: String, _ text: String?, type: String = "String") -> Variable {
      Variable(name: name, type: type, value: text.map { .text($0) } ?? .none)
    }
  }

  private struct Body: Encodable {
    let operationName: String
    let query: String
    let variables: [Variable]

    private enum Key: String, CodingKey { case operationName, query, variables }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(operationName, forKey: .operationName)
      try container.encode(query, forKey: .query)
      var values = container.nestedContainer(keyedBy: AnyKey.self, forKey: .variables)
      for variable in variables {
        let key = AnyKey(variable.name)
        switch variable.value {
        case .text(let text): try values.encode(text, forKey: key)
        case .date(let date): try values.encode(date, forKey: key)
        case .integer(let number): try values.encode(number, forKey: key)
        case .filters(let filters): try values.encode(filters, forKey: key)
        case .null: try values.encodeNil(forKey: key)
        case .none: break
        }
      }
    }
  }
}

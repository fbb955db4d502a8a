/// Answers the fields of one query.
struct SamespaceResolver {
  /// Rows of a report without `limit`.
  private static let defaultLimit = 50
  /// Rows of a report at most; the documents name no bound.
  private static let maxLimit = 5000

  /// The year 10000 in Unix seconds.
  private static let endOfTime = 253_402_300_800.0

  private let imitation: SamespaceImitation
  private let now: Double
  private let fault: Fault?
  private let query: GraphQLQuery
  private let variables: JSONValue

  init(
    imitation: SamespaceImitation,
    now: Double,
    fault: Fault?,
    query: GraphQLQuery,
    body: JSONValue
  ) throws(GraphQLProblem) {
    self.imitation = imitation
    self.now = now
    self.fault = fault
    self.query = query
    variables = body["variables"]?.orNil ?? [:]
    if let wanted = body["operationName"]?.text, wanted != query.operation {
      throw GraphQLProblem(message: "Unknown operation named \"\(wanted)\".")
    }
    for variable in query.variables
    where variable.type.hasSuffix("!") && variables[variable.name]?.orNil == nil {
      throw GraphQLProblem(
        message:
          "Variable \"$\(variable.name)\" of required type \"\(variable.type)\" was not provided."
      )
    }
  }

  /// The answer's `data`.
  func data() throws(GraphQLProblem) -> JSONValue {
    var members: [JSONValue.Member] = []
    for selection in query.selections {
      guard case .field(let field) = selection else {
        throw GraphQLProblem(message: "Fragments are not supported on type \"Query\".")
      }
      members.append(JSONValue.Member(name: field.key, value: try resolve(field)))
    }
    return .object(members)
  }

  private func resolve(_ field: GraphQLQuery.Field) throws(GraphQLProblem) -> JSONValue {
    switch field.name {
    case "dashboard":
      guard fault != .nullDashboard,
        try argument("id", of: field)?.text == SamespaceDashboard.id
      else { return .null }
      return try GraphQLProjection.project(
        SamespaceDashboard.json,
        field.selections,
        field: field.name
      )
    case "getInsightData", "getReportData":
      guard field.selections.isEmpty else {
        throw GraphQLProblem(
          message: "Field \"\(field.name)\" must not have a selection since it has no subfields."
        )
      }
      return field.name == "getInsightData" ? try insightData(field) : try reportData(field)
    case "__typename": return "Query"
    default:
      throw GraphQLProblem(message: "Cannot query field \"\(field.name)\" on type \"Query\".")
    }
  }

  private func insightData(_ field: GraphQLQuery.Field) throws(GraphQLProblem) -> JSONValue {
    let id = try argument("insightId", of: field)?.text
    guard try argument("dashboardId", of: field)?.text == SamespaceDashboard.id,
      let insight = SamespaceInsight.all.first(where: { $0.id == id })
    else { throw GraphQLProblem(message: "Insight not found") }
    let window = try window(of: field, default: insight.timeRange)
    guard fault != .nullInsight else { return .null }
    guard insight.isStat else {
      return ["data": .array(SamespaceReport.teams(imitation.model, window: window))]
    }
    let stat = imitation.stat(insight, in: window)
    return [
      "data": [
        [
          "value": stat.map { .rounded($0.value, decimals: 1) } ?? .null,
          "title": .string(insight.dataTitle),
          "previousValue": stat.map { .rounded($0.previous, decimals: 1) } ?? .null,
        ]
      ]
    ]
  }

  private func reportData(_ field: GraphQLQuery.Field) throws(GraphQLProblem) -> JSONValue {
    guard try argument("reportId", of: field)?.text == SamespaceReport.id else {
      throw GraphQLProblem(message: "Report not found")
    }
    let rows = SamespaceReport.rows(
      imitation.model,
      window: try window(of: field, default: "PAST_HOUR"),
      skip: try count("skip", of: field, default: 0),
      limit: min(
        try count("limit", of: field, default: SamespaceResolver.defaultLimit),
        SamespaceResolver.maxLimit
      )
    )
    return ["data": .array(rows)]
  }

  /// The call's range, its start and end, or the default.
  private func window(
    of field: GraphQLQuery.Field,
    default range: String
  ) throws(GraphQLProblem) -> SamespaceWindow {
    let given = try argument("timeRange", of: field)
    let from = try instant("startTime", of: field)
    let to = try instant("endTime", of: field)
    if given == nil, from != nil || to != nil {
      guard let from, let to else {
        throw GraphQLProblem(message: "startTime and endTime go together")
      }
      guard from <= to else { throw GraphQLProblem(message: "endTime is before startTime") }
      return SamespaceWindow(from: from, to: min(to, now))
    }
    guard let window = SamespaceWindow(given.map { $0.text ?? "" } ?? range, at: now) else {
      let value = given?.text ?? ""
      throw GraphQLProblem(
        message: "Variable \"$timeRange\" got invalid value \"\(value)\"; "
          + "Value \"\(value)\" does not exist in \"TimeRange\" enum."
      )
    }
    return window
  }

  /// A `Date`: milliseconds or ISO 8601, for the documents show neither.
  private func instant(
    _ name: String,
    of field: GraphQLQuery.Field
  ) throws(GraphQLProblem) -> Double? {
    guard let value = try argument(name, of: field) else { return nil }
    if let instant = value.double.map({ $0 / 1000 }) ?? value.text.flatMap(Timestamp.parse),
      abs(instant) < SamespaceResolver.endOfTime
    {
      return instant
    }
    throw GraphQLProblem(message: "\(name) is no Date")
  }

  private func count(
    _ name: String,
    of field: GraphQLQuery.Field,
    default fallback: Int
  ) throws(GraphQLProblem) -> Int {
    guard let value = try argument(name, of: field) else { return fallback }
    guard case .integer(let count) = value, count >= 0 else {
      throw GraphQLProblem(message: "\(name) is no count")
    }
    return count
  }

  /// An argument's value, variables put in; nil for null and where it is not given.
  private func argument(
    _ name: String,
    of field: GraphQLQuery.Field
  ) throws(GraphQLProblem) -> JSONValue? {
    switch field.arguments.first(where: { $0.name == name })?.value {
    case .literal(let value): return value.orNil
    case .variable(let variable):
      guard query.variables.contains(where: { $0.name == variable }) else {
        throw GraphQLProblem(message: "Variable \"$\(variable)\" is not defined.")
      }
      return variables[variable]?.orNil
    case nil: return nil
    }
  }
}

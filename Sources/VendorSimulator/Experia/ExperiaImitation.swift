import HTTPListener

/// Experia's `POST /v2/dashboard` and `POST /v2/dashboard/{cardName}`.
struct ExperiaImitation: VendorImitation {
  /// Where the agents work: the default of `timezoneOffset`.
  static let homeOffset = 3 * 3600

  let traffic: ExperiaTraffic
  let cards: ExperiaCards
  let key: String
  let weekStart: Int
  let dailyCached: Double
  let window: SlidingWindow

  init(configuration: SimulatorConfiguration, corrections: Corrections) {
    let model = DayModel(
      seed: configuration.seed,
      vendor: .experia,
      offset: ExperiaImitation.homeOffset,
      weekend: [5, 6],
      corrections: corrections
    )
    traffic = ExperiaTraffic(model: model)
    cards = ExperiaCards(model: model, limit: configuration.experiaCardRows)
    key = configuration.experiaKey
    weekStart = configuration.experiaWeekStart
    dailyCached = configuration.experiaDailyCached
    window = SlidingWindow(limits: configuration.experiaLimits, countsRefused: false)
  }

  func answer(_ request: HTTPRequest, at now: Double, fault: Fault?) -> HTTPResponse {
    let summary = "/v2/dashboard"
    let prefix = summary + "/"
    let card = request.path.hasPrefix(prefix) ? String(request.path.dropFirst(prefix.count)) : nil
    guard request.path == summary || card.map(ExperiaCards.names.contains) == true else {
      return failure(404, "Not found")
    }
    guard request.method == "POST" else {
      return failure(405, "Method not allowed", fields: [("Allow", "POST")])
    }
    guard request.field("X-API-Key") == key else { return refusal(.unauthorized) }
    if let limit = window.admit(key, at: now).exceeded {
      return refusal(.rateLimited(window: limit.window, seconds: nil))
    }
    let type = request.field("Content-Type")?.split(separator: ";").first ?? ""
    guard type.lowercased() == "application/json" else {
      return failure(400, "Content-Type must be application/json")
    }
    do {
      let body = try ExperiaBody(request.body)
      let filter = try filter(body, default: card == nil ? nil : "daily", at: now)
      return card.map { cardAnswer($0, body, filter) } ?? summaryAnswer(body, filter)
    } catch {
      return failure(400, error.message)
    }
  }

  func refusal(_ refusal: Refusal) -> HTTPResponse {
    switch refusal {
    case .unauthorized: failure(401, "Unauthorized")
    case .forbidden: failure(403, "Forbidden")
    case .rateLimited(_, let seconds):
      failure(
        429,
        "Rate limit exceeded" + (seconds.map { ". You must wait \($0) seconds" } ?? "")
      )
    case .internalError: failure(500, "Internal server error")
    case .errorEnvelope: failure(200, "Dashboard is not available")
    }
  }

  /// The part of the traffic that a body asks for.
  func filter(
    _ body: ExperiaBody,
    default fallback: String?,
    at now: Double
  ) throws(ExperiaBody.Problem) -> ExperiaFilter {
    guard var name = body.filter ?? fallback else {
      throw ExperiaBody.Problem(message: "filter is required")
    }
    if name == "daily" || name == "TODAY",
      let offset = ExperiaFilter.seconds(offset: body.timezoneOffset)
    {
      let cached = CivilDate(instant: now - dailyCached, offset: offset)
      if cached < CivilDate(instant: now, offset: offset) {
        name = "\(cached.text) to \(cached.text)"
      }
    }
    let share = ExperiaFilter.share(
      channels: body.channels,
      groups: body.groups,
      email: body.email
    )
    return try filter(name, timezoneOffset: body.timezoneOffset, share: share, at: now)
  }

  /// The part of the traffic that a filter value, an offset and a share name.
  func filter(
    _ name: String,
    timezoneOffset: String,
    share: Double,
    at now: Double
  ) throws(ExperiaBody.Problem) -> ExperiaFilter {
    guard let offset = ExperiaFilter.seconds(offset: timezoneOffset) else {
      throw ExperiaBody.Problem(message: "timezoneOffset must look like +03:00")
    }
    guard
      let period = ExperiaFilter.period(name, offset: offset, weekStart: weekStart, now: now)
    else {
      throw ExperiaBody.Problem(
        message:
          "filter must be daily, weekly, monthly, YEAR or YYYY-MM-DD to YYYY-MM-DD"
      )
    }
    return ExperiaFilter(from: period.from, to: period.to, offset: offset, share: share)
  }

  private func summaryAnswer(_ body: ExperiaBody, _ filter: ExperiaFilter) -> HTTPResponse {
    let summary = traffic.summary(filter)
    var members = ExperiaSummaryEncoding.members(of: summary)
    if let thresholds = body.thresholds {
      let qualities: [(String, ServiceQuality)] = [
        ("response", ExperiaTraffic.response), ("waiting", ExperiaTraffic.waiting),
        ("service", ExperiaTraffic.service),
      ]
      let compliance = qualities.compactMap { name, quality in
        thresholds[name].map { threshold in
          JSONValue.Member(
            name: name,
            value: .rounded(
              traffic.compliance(quality, threshold: threshold, filter: filter),
              decimals: 1
            )
          )
        }
      }
      members.append(JSONValue.Member(name: "sla", value: .object(compliance)))
    }
    members.append(JSONValue.Member(name: "status", value: "SUCCESS"))
    return .json(200, .object(members))
  }

  private func cardAnswer(
    _ card: String,
    _ body: ExperiaBody,
    _ filter: ExperiaFilter
  ) -> HTTPResponse {
    let hasRows = card == "CARDTOTALCLOSEDSESSIONS" && body.category != "hospitality"
    return .json(
      200,
      [
        "status": "SUCCESS",
        "cardName": .string(card),
        "cardContent": .array(hasRows ? cards.closedSessions(filter) : []),
      ]
    )
  }

  private func failure(
    _ status: Int,
    _ message: String,
    fields: [(name: String, value: String)] = []
  ) -> HTTPResponse {
    .json(status, ["status": "ERROR", "message": .string(message)], fields: fields)
  }
}

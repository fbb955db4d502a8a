import HTTPListener

/// Rocket.Chat's `GET /api/v1/livechat/analytics/dashboards/charts-data` and the live endpoints beside
/// it.
struct RocketChatImitation: VendorImitation {
  private static let parameters: Set<String> = ["start", "end", "chartName", "departmentId"]

  private static let maxPoints = 3700

  let charts: RocketChatCharts
  let live: RocketChatLive
  let offset: Int
  let path: String
  let user: String
  let token: String
  let window: SlidingWindow

  init(configuration: SimulatorConfiguration, corrections: Corrections) {
    offset = configuration.rocketChatOffsetMinutes * 60
    charts = RocketChatCharts(
      model: DayModel(
        seed: configuration.seed,
        vendor: .rocketchat,
        offset: offset,
        weekend: [0, 6],
        corrections: corrections
      ),
      departments: configuration.rocketChatDepartments
    )
    live = RocketChatLive(charts: charts)
    let doubled = configuration.rocketChatDoubledPath ? "livechat/" : ""
    path = "/api/v1/livechat/\(doubled)analytics/dashboards/charts-data"
    user = configuration.rocketChatUser
    token = configuration.rocketChatToken
    window = SlidingWindow(limits: configuration.rocketChatLimits, countsRefused: true)
  }

  func answer(_ request: HTTPRequest, at now: Double, fault: Fault?) -> HTTPResponse {
    let endpoint = RocketChatLive.Endpoint(path: request.path)
    guard request.path == path || endpoint != nil else {
      return failure(404, "Resource not found")
    }
    guard request.method == "GET" else {
      return failure(405, "Method Not Allowed", fields: [("Allow", "GET")])
    }
    guard request.field("X-Auth-Token") == token, request.field("X-User-Id") == user else {
      return refusal(.unauthorized)
    }
    // The limiter matches {IPAddr, route} (ApiClass.ts @b2da2544) and no user. There is one simulated
    // client, so that the route alone is the key.
    let verdict = window.admit(request.path, at: now)
    var response: HTTPResponse
    if let exceeded = verdict.exceeded {
      let seconds = max(1, Int((verdict.resetTime - now).rounded(.up)))
      response = refusal(.rateLimited(window: exceeded.window, seconds: seconds))
    } else if let endpoint {
      response = state(of: endpoint, request, at: now)
    } else {
      response = charted(request, at: now, empty: fault == .emptyArrays)
    }
    if let limit = verdict.exceeded ?? window.limits.first {
      response.fields += [
        ("X-RateLimit-Limit", String(limit.requests)),
        ("X-RateLimit-Remaining", String(verdict.remaining)),
        ("X-RateLimit-Reset", String(Int((verdict.resetTime * 1000).rounded(.up)))),
      ]
    }
    return response
  }

  func refusal(_ refusal: Refusal) -> HTTPResponse {
    switch refusal {
    case .unauthorized:
      .json(
        401,
        [
          "success": false,
          "error": "You must be logged in to do this.",
          "status": "error",
          "message": "You must be logged in to do this.",
        ]
      )
    case .forbidden:
      failure(
        403,
        "User does not have the permissions required for this action [error-unauthorized]"
      )
    case .rateLimited(_, let seconds):
      failure(
        429,
        "Error, too many requests. Please slow down."
          + (seconds.map {
            " You must wait \($0) seconds before trying this endpoint again."
          } ?? "") + " [error-too-many-requests]"
      )
    case .internalError: failure(500, "Internal server error")
    case .errorEnvelope: failure(200, "Internal server error")
    }
  }

  private func charted(_ request: HTTPRequest, at now: Double, empty: Bool) -> HTTPResponse {
    for name in ["start", "end", "chartName"] where request.queryValues(name).isEmpty {
      return invalid("must have required property '\(name)'")
    }
    guard request.query.allSatisfy({ RocketChatImitation.parameters.contains($0.name) }) else {
      return invalid("must NOT have additional properties")
    }
    let chart = request.queryValues("chartName")[0]
    let department = request.queryValues("departmentId").first.flatMap {
      $0 == "undefined" ? nil : $0
    }
    let range = RocketChatRange(
      start: request.queryValues("start")[0],
      end: request.queryValues("end")[0],
      offset: offset
    )
    guard range.buckets.count <= RocketChatImitation.maxPoints else {
      // The real server takes a query a day, one after the other, and does not come to an end.
      return refusal(.internalError)
    }
    let points = empty ? [] : points(of: chart, in: range, department: department, at: now)
    return .json(
      200,
      [
        // Echoed as it was sent, whether such a chart exists or not.
        "chartLabel": .string(chart),
        "dataLabels": .array(points.map { .string($0.label) }),
        "dataPoints": .array(points.map { .rounded($0.value, decimals: 2) }),
        "success": true,
      ]
    )
  }

  private func state(
    of endpoint: RocketChatLive.Endpoint,
    _ request: HTTPRequest,
    at now: Double
  ) -> HTTPResponse {
    var texts: [String] = []
    for name in endpoint.parameters {
      guard let text = request.queryValues(name).first else {
        return invalid("must have required property '\(name)'")
      }
      guard Timestamp.parse(text) != nil else {
        return failure(400, "The \"\(name)\" query parameter must be a valid date.")
      }
      texts.append(text)
    }
    let known = Set(endpoint.parameters + ["departmentId"])
    guard request.query.allSatisfy({ known.contains($0.name) }) else {
      return invalid("must NOT have additional properties")
    }
    let department = request.queryValues("departmentId").first
    var span = RocketChatLive.Span(at: now)
    if texts.count == 2 {
      guard let asked = RocketChatLive.Span(start: texts[0], end: texts[1], offset: offset) else {
        return failure(400, "The \"start\" query parameter must be a valid date.")
      }
      span = asked
    }
    return .json(200, live.answer(endpoint, span, department, at: now))
  }

  private func points(
    of chart: String,
    in range: RocketChatRange,
    department: String?,
    at now: Double
  ) -> [(label: String, value: Double)] {
    range.buckets.compactMap { bucket in
      charts.value(chart, from: bucket.from, to: bucket.to, department: department, at: now)
        .map { (bucket.label, $0) }
    }
  }

  private func invalid(_ message: String) -> HTTPResponse {
    .json(
      400,
      ["success": false, "errorType": "error-invalid-params", "error": .string(message)]
    )
  }

  private func failure(
    _ status: Int,
    _ message: String,
    fields: [(name: String, value: String)] = []
  ) -> HTTPResponse {
    .json(status, ["success": false, "error": .string(message)], fields: fields)
  }
}

import HTTPListener

/// Samespace's `POST /analytics/api`: GetDashboard, GetInsightData and GetReportData.
struct SamespaceImitation: VendorImitation {
  let model: DayModel
  let key: String
  let window: SlidingWindow

  init(configuration: SimulatorConfiguration, corrections: Corrections) {
    model = DayModel(
      seed: configuration.seed,
      vendor: .samespace,
      // The dashboard's Asia/Calcutta.
      offset: 19_800,
      weekend: [0, 6],
      corrections: corrections
    )
    key = configuration.samespaceKey
    window = SlidingWindow(limits: configuration.samespaceLimits, countsRefused: false)
  }

  func answer(_ request: HTTPRequest, at now: Double, fault: Fault?) -> HTTPResponse {
    guard request.method == "POST" else {
      return .json(
        405,
        ["success": false, "message": "Method not allowed"],
        fields: [("Allow", "POST")]
      )
    }
    guard request.field("x-api-key") == key else { return refusal(.unauthorized) }
    if let limit = window.admit(key, at: now).exceeded {
      return refusal(.rateLimited(window: limit.window, seconds: nil))
    }
    guard let body = JSONValue(parsing: request.body), let text = body["query"]?.text else {
      return .json(400, errors("POST body missing, invalid or without a query."))
    }
    do {
      let query = try GraphQLQuery(parsing: text)
      let resolver = try SamespaceResolver(
        imitation: self,
        now: now,
        fault: fault,
        query: query,
        body: body
      )
      return .json(200, ["data": try resolver.data()])
    } catch {
      return .json(200, errors(error.message))
    }
  }

  func refusal(_ refusal: Refusal) -> HTTPResponse {
    func failure(_ status: Int, _ message: String) -> HTTPResponse {
      .json(status, ["success": false, "message": .string(message)])
    }
    return switch refusal {
    case .unauthorized: failure(401, "Invalid API key")
    case .forbidden: failure(403, "The key has no access to Analytics")
    case .rateLimited(_, let seconds):
      failure(
        429,
        "Too many requests" + (seconds.map { ". You must wait \($0) seconds" } ?? "")
      )
    case .internalError: failure(500, "Internal server error")
    case .errorEnvelope: .json(200, errors("Internal server error"))
    }
  }

  /// A STAT insight's figures for a range and the range before; nil for another id or range.
  func stat(
    _ insight: SamespaceInsight,
    in window: SamespaceWindow
  ) -> (value: Double, previous: Double)? {
    func figure(_ window: SamespaceWindow) -> Double? {
      switch insight.content {
      case .count(let series):
        Double(model.count(series, from: window.from, to: window.to))
      case .mean(let quality, let series):
        model.mean(
          of: { quality.mean(at: $0) },
          over: series,
          from: window.from,
          to: window.to
        ).map { ($0 * 10).rounded() / 10 }
      case .table: nil
      }
    }
    guard let value = figure(window), let previous = figure(window.previous) else { return nil }
    return (value, previous)
  }

  private func errors(_ message: String) -> JSONValue {
    [
      "errors": [["message": .string(message), "extensions": ["code": "BAD_USER_INPUT"]]],
      "data": .null,
    ]
  }
}

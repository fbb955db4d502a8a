import HTTPListener

/// Kore.ai's `userEngagementTrend` and dashboard widgets.
struct KoreImitation: VendorImitation {
  let traffic: KoreTraffic
  let widgets: KoreWidgets
  let credentials: KoreCredentials
  let bot: String
  let window: SlidingWindow

  init(configuration: SimulatorConfiguration, corrections: Corrections) {
    let model = DayModel(
      seed: configuration.seed,
      vendor: .kore,
      offset: 0,
      weekend: [0, 6],
      corrections: corrections
    )
    traffic = KoreTraffic(model: model)
    widgets = KoreWidgets(model: model)
    credentials = KoreCredentials(
      clientID: configuration.koreClientID,
      secret: configuration.koreClientSecret,
      enforcesJTI: configuration.koreEnforcesJTI
    )
    bot = configuration.koreBot
    window = SlidingWindow(limits: configuration.koreLimits, countsRefused: false)
  }

  func answer(_ request: HTTPRequest, at now: Double, fault: Fault?) -> HTTPResponse {
    let prefix = "/api/public/bot/\(bot)/"
    // A bot that the token does not cover is refused like a bad token, before its path is looked at.
    guard request.path.hasPrefix(prefix), let token = request.field("auth"),
      credentials.accept(token, at: now)
    else { return refusal(.unauthorized) }
    if let limit = window.admit(bot, at: now).exceeded {
      return refusal(.rateLimited(window: limit.window, seconds: nil))
    }
    let path = request.path.dropFirst(prefix.count)
    if path == "userEngagementTrend" || path == "v2/userEngagementTrend" {
      guard request.method == "POST" else { return notAllowed("POST") }
      let engagement = KoreEngagement(traffic: traffic, request: request, now: now)
      return path.hasPrefix("v2/")
        ? engagement.secondAnswer()
        : engagement.answer(usersAsStrings: fault == .usersAsStrings)
    }
    guard path.hasPrefix("dashboard/") else { return KoreFailure.json(404, 404, "Not Found") }
    guard request.method == "GET" || request.method == "POST" else {
      return notAllowed("GET, POST")
    }
    return KoreWidgetAnswer(
      widgets: widgets,
      bot: bot,
      request: request,
      now: now,
      ignoresSkip: fault == .skipIgnored
    )
    .answer(path: String(path.dropFirst("dashboard/".count)))
  }

  func refusal(_ refusal: Refusal) -> HTTPResponse {
    switch refusal {
    case .unauthorized: KoreFailure.json(401, 4002, "Invalid SDK credentials")
    case .forbidden: KoreFailure.json(403, 403, "Forbidden")
    case .rateLimited(let window, let seconds):
      KoreFailure.json(429, 429, limitText(window, seconds))
    case .internalError: KoreFailure.json(500, 500, "Internal Server Error")
    case .errorEnvelope: KoreFailure.json(200, 4002, "Invalid SDK credentials")
    }
  }

  private func limitText(_ window: Double?, _ seconds: Int?) -> String {
    let text =
      (window ?? 60) <= 60
      ? "You've exceeded the per-minute rate limit. Please wait for sometime before retrying."
      : "You've exceeded the hourly rate limit. Please wait for sometime before retrying."
    return text + (seconds.map { " You must wait \($0) seconds." } ?? "")
  }

  private func notAllowed(_ methods: String) -> HTTPResponse {
    KoreFailure.json(405, 405, "Method Not Allowed", fields: [("Allow", methods)])
  }
}

/// The figures behind the answers, so that a test can compare what arrived with what is true.
extension SimulatorServer {
  /// Corrects a vendor's past, or its present: adds events to a day, or takes them away.
  ///
  /// - Parameters:
  ///   - field: Experia: the vendor's name of a total, `totalSessions`. Rocket.Chat:
  ///     `Total_conversations` or `Total_messages`. Kore.ai: `users` or `records`. Samespace: an
  ///     insight's id.
  ///   - vendor: Whose figure.
  ///   - day: `YYYY-MM-DD`, a day of the vendor's own zone.
  ///   - hour: The hour of that day; the events fall on its start.
  ///   - events: How many more; fewer where negative. A total never falls below zero.
  /// - Returns: Whether the day exists and the vendor has such a figure.
  @discardableResult
  public func correct(
    _ field: String,
    of vendor: SimulatedVendor,
    day: String,
    hour: Int = 0,
    by events: Int
  ) -> Bool {
    guard let date = CivilDate(parsing: day), (0..<24).contains(hour) else { return false }
    let name: String
    let model: DayModel
    switch vendor {
    case .experia where ExperiaTraffic.totals.contains(field):
      (name, model) = (field, experia.traffic.model)
    case .rocketchat where field == "Total_conversations" || field == "Total_messages":
      (name, model) = (field, rocketChat.charts.model)
    case .kore where field == KoreTraffic.users.name || field == KoreWidgets.records.name:
      (name, model) = (field, kore.traffic.model)
    case .samespace:
      guard let insight = SamespaceInsight.all.first(where: { $0.id == field }),
        case .count(let series) = insight.content
      else { return false }
      (name, model) = (series.name, samespace.model)
    case .experia, .rocketchat, .kore: return false
    }
    let instant = date.start(offset: model.offset) + Double(hour) * 3600
    corrections.add("\(vendor.rawValue).\(name)", at: instant, events: events)
    return true
  }

  /// What Experia's dashboard says for a filter.
  ///
  /// - Parameters:
  ///   - filter: `daily`, `weekly`, `monthly`, `YEAR`, or `YYYY-MM-DD to YYYY-MM-DD`.
  ///   - timezoneOffset: `+03:00`.
  ///   - channels: Channel ids; none for all.
  ///   - groups: Group ids; none for all.
  ///   - email: An agent; empty for all.
  ///   - time: Unix seconds; the simulator's clock where nil.
  /// - Returns: The figures, or nil where the vendor would refuse the request.
  public func experiaTruth(
    filter: String = "daily",
    timezoneOffset: String = "+03:00",
    channels: [String] = [],
    groups: [String] = [],
    email: String = "",
    at time: Double? = nil
  ) -> ExperiaSummary? {
    let share = ExperiaFilter.share(channels: channels, groups: groups, email: email)
    let period = try? experia.filter(
      filter,
      timezoneOffset: timezoneOffset,
      share: share,
      at: time ?? configuration.now()
    )
    return period.map(experia.traffic.summary)
  }

  /// The share of Experia's sessions within a threshold, at the offset +03:00.
  ///
  /// - Parameters:
  ///   - sla: `response`, `waiting` or `service`.
  ///   - threshold: Seconds.
  ///   - filter: As in ``experiaTruth(filter:timezoneOffset:channels:groups:email:at:)``.
  ///   - time: Unix seconds; the simulator's clock where nil.
  /// - Returns: Percent, or nil for an unknown name or filter.
  public func experiaCompliance(
    sla: String,
    threshold: Double,
    filter: String = "daily",
    at time: Double? = nil
  ) -> Double? {
    let qualities = [
      "response": ExperiaTraffic.response, "waiting": ExperiaTraffic.waiting,
      "service": ExperiaTraffic.service,
    ]
    let period = try? experia.filter(
      filter,
      timezoneOffset: "+03:00",
      share: 1,
      at: time ?? configuration.now()
    )
    guard let quality = qualities[sla], let period else { return nil }
    return experia.traffic.compliance(quality, threshold: threshold, filter: period)
  }

  /// Rocket.Chat's point of a chart for a UTC day.
  ///
  /// - Parameters:
  ///   - chart: `Total_conversations`, and so on.
  ///   - day: `YYYY-MM-DD`.
  ///   - department: Its id; nil for all.
  ///   - time: Unix seconds; the simulator's clock where nil.
  /// - Returns: The point, or nil for an unknown chart or day.
  public func rocketChatTruth(
    chart: String,
    day: String,
    department: String? = nil,
    at time: Double? = nil
  ) -> Double? {
    guard let start = CivilDate(parsing: day)?.start(offset: 0) else { return nil }
    return rocketChat.charts.value(
      chart,
      from: start,
      to: start + 86_400,
      department: department,
      at: time ?? configuration.now()
    )
  }

  /// Kore.ai's distinct users of a UTC day, or of one of its hours.
  ///
  /// - Parameters:
  ///   - day: `YYYY-MM-DD`.
  ///   - hour: 0 to 23; nil for the whole day.
  ///   - channels: None for all.
  ///   - time: Unix seconds; the simulator's clock where nil.
  /// - Returns: The users, or nil for an unknown day or hour.
  public func koreUsers(
    day: String,
    hour: Int? = nil,
    channels: [String] = [],
    at time: Double? = nil
  ) -> Int? {
    guard let date = CivilDate(parsing: day) else { return nil }
    let now = time ?? configuration.now()
    let share = KoreTraffic.share(of: channels)
    guard let hour else { return kore.traffic.users(on: date, share: share, at: now) }
    let hours = kore.traffic.hours(of: date, share: share, at: now)
    return hours.indices.contains(hour) ? hours[hour] : nil
  }

  /// A Samespace STAT insight's value and the one of the window before.
  ///
  /// - Parameters:
  ///   - insight: Its id.
  ///   - timeRange: `PAST_HOUR`, and so on.
  ///   - time: Unix seconds; the simulator's clock where nil.
  /// - Returns: Both figures, or nil for an unknown id or range.
  public func samespaceTruth(
    insight: String,
    timeRange: String = "PAST_HOUR",
    at time: Double? = nil
  ) -> (value: Double, previousValue: Double)? {
    guard let found = SamespaceInsight.all.first(where: { $0.id == insight }),
      let window = SamespaceWindow(timeRange, at: time ?? configuration.now()),
      let stat = samespace.stat(found, in: window)
    else { return nil }
    return (stat.value, stat.previous)
  }
}

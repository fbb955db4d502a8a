import HTTPListener

/// One answer of `userEngagementTrend`: an object a day, hours as its members or one number.
struct KoreEngagement {
  /// The longest range, in days.
  private static let maxDays = 90

  let traffic: KoreTraffic
  let request: HTTPRequest
  let now: Double

  func answer(usersAsStrings: Bool) -> HTTPResponse {
    let aggregation = request.queryValues("aggregation_type").first ?? ""
    guard ["", "Hourly", "Daily"].contains(aggregation) else {
      return KoreFailure.json(400, 400, "Invalid aggregation_type")
    }
    guard let start = date("start_date"), let end = date("end_date"), start <= end,
      end.days - start.days < KoreEngagement.maxDays
    else { return KoreFailure.json(400, 400, "Invalid start_date or end_date") }
    if !request.body.isEmpty {
      guard case .object = JSONValue(parsing: request.body) else {
        return KoreFailure.json(400, 400, "Invalid request body")
      }
    }
    let share = KoreTraffic.share(of: channels)
    // A day that has not begun has no entry.
    let last = min(end, CivilDate(instant: now, offset: 0))
    let days = start <= last ? (start.days...last.days).map(CivilDate.init(days:)) : []
    let results = days.map { day in
      let values =
        aggregation == "Daily"
        ? [("users", traffic.users(on: day, share: share, at: now))]
        : hours(of: day, share: share)
      return object(day, values, asStrings: usersAsStrings)
    }
    return .json(200, ["results": .array(results), "totalResults": .integer(results.count)])
  }

  /// `channels=rtm`, several of them repeated or behind commas.
  private var channels: [String] {
    request.queryValues("channels").flatMap { $0.split(separator: ",").map(String.init) }
  }

  private func hours(of day: CivilDate, share: Double) -> [(String, Int)] {
    traffic.hours(of: day, share: share, at: now).enumerated().map { hour, users in
      ("\(hour) - \((hour + 1) % 24)", users)
    }
  }

  private func object(
    _ day: CivilDate,
    _ values: [(String, Int)],
    asStrings: Bool
  ) -> JSONValue {
    let (year, month, dayOfMonth) = day.civil
    let date =
      "\(CivilDate.monthNames[month - 1]) \(dayOfMonth.padded(2)) \(year.padded(4))"
    let members = values.map { name, users in
      JSONValue.Member(
        name: name,
        value: asStrings ? .string(String(users)) : .integer(users)
      )
    }
    return .object([JSONValue.Member(name: "date", value: .string(date))] + members)
  }

  private func date(_ name: String) -> CivilDate? {
    request.queryValues(name).first.flatMap(Timestamp.parse).map {
      CivilDate(instant: $0, offset: 0)
    }
  }
}

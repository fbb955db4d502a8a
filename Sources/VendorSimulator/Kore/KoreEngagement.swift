import HTTPListener

/// One answer of `userEngagementTrend`: an object a day, hours as its members or one number.
///
/// The second version has such a list for all, for new and for returning users.
struct KoreEngagement {
  /// The zones that `timeZoneOffset` may name here, in seconds east of UTC; none changes its clock.
  private static let zones = [
    "UTC": 0, "Etc/UTC": 0, "Asia/Riyadh": 10_800, "Asia/Dubai": 14_400, "Asia/Kolkata": 19_800,
  ]

  /// The longest range, in days.
  private static let maxDays = 90

  let traffic: KoreTraffic
  let request: HTTPRequest
  let now: Double

  /// The answer of the first version.
  func answer(usersAsStrings: Bool) -> HTTPResponse {
    answer(allowed: ["Hourly", "Daily"], offset: 0) { days, share, isDaily in
      let results = days.map { day in
        object(day, values(day, 0, share, isDaily), asStrings: usersAsStrings)
      }
      return ["results": .array(results), "totalResults": .integer(results.count)]
    }
  }

  /// The answer of the second version.
  func secondAnswer() -> HTTPResponse {
    let zone = request.queryValues("timeZoneOffset").first ?? "UTC"
    guard let offset = KoreEngagement.zones[zone] else {
      return KoreFailure.json(400, 400, "Invalid timeZoneOffset")
    }
    return answer(allowed: ["hourly", "daily"], offset: offset) { days, share, isDaily in
      func trend(_ part: (Int) -> Int) -> JSONValue {
        let points = days.map { day in
          object(
            day,
            values(day, offset, share, isDaily).map { ($0, part($1)) },
            asStrings: false
          )
        }
        return ["dataPoints": .array(points)]
      }
      let total = days.reduce(0) {
        $0 + traffic.users(on: $1, offset: offset, share: share, at: now)
      }
      let new = KoreTraffic.new(among: total)
      let count = Double(max(1, days.count))
      return [
        "summary": [
          "uniqueUsers": .integer(total), "newUsers": .integer(new),
          "returningUsers": .integer(total - new),
          "avgUniqueUsersPerDay": .rounded(Double(total) / count, decimals: 2),
          "avgNewUsersPerDay": .rounded(Double(new) / count, decimals: 2),
          "avgReturningUsersPerDay": .rounded(Double(total - new) / count, decimals: 2),
        ],
        "uniqueUsersTrend": trend { $0 },
        "newUsersTrend": trend(KoreTraffic.new),
        "returningUsersTrend": trend { $0 - KoreTraffic.new(among: $0) },
        "filters": [
          "start": .string(days.first.map(KoreEngagement.text) ?? ""),
          "end": .string(days.last.map(KoreEngagement.text) ?? ""), "conversationType": "all",
          "conversationStatus": "all", "aggregationType": isDaily ? "daily" : "hourly",
          "dataPointsCount": .integer(days.count),
        ],
      ]
    }
  }

  /// Checks the request, and makes of its days what a version answers.
  private func answer(
    allowed: [String],
    offset: Int,
    _ body: (_ days: [CivilDate], _ share: Double, _ isDaily: Bool) -> JSONValue
  ) -> HTTPResponse {
    let aggregation = request.queryValues("aggregation_type").first ?? ""
    guard aggregation.isEmpty || allowed.contains(aggregation) else {
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
    let last = min(end, CivilDate(instant: now, offset: offset))
    let days = start <= last ? (start.days...last.days).map(CivilDate.init(days:)) : []
    return .json(200, body(days, share, aggregation.lowercased() == "daily"))
  }

  /// `channels=rtm`, several of them repeated or behind commas.
  private var channels: [String] {
    request.queryValues("channels").flatMap { $0.split(separator: ",").map(String.init) }
  }

  private func values(
    _ day: CivilDate,
    _ offset: Int,
    _ share: Double,
    _ isDaily: Bool
  ) -> [(String, Int)] {
    guard !isDaily else {
      return [("users", traffic.users(on: day, offset: offset, share: share, at: now))]
    }
    return traffic.hours(of: day, offset: offset, share: share, at: now).enumerated()
      .map { hour, users in ("\(hour) - \((hour + 1) % 24)", users) }
  }

  private func object(
    _ day: CivilDate,
    _ values: [(String, Int)],
    asStrings: Bool
  ) -> JSONValue {
    let members = values.map { name, users in
      JSONValue.Member(
        name: name,
        value: asStrings ? .string(String(users)) : .integer(users)
      )
    }
    return .object(
      [JSONValue.Member(name: "date", value: .string(KoreEngagement.text(day)))] + members
    )
  }

  /// `Aug 06 2020`.
  private static func text(_ day: CivilDate) -> String {
    let (year, month, dayOfMonth) = day.civil
    return "\(CivilDate.monthNames[month - 1]) \(dayOfMonth.padded(2)) \(year.padded(4))"
  }

  private func date(_ name: String) -> CivilDate? {
    request.queryValues(name).first.flatMap(Timestamp.parse).map {
      CivilDate(instant: $0, offset: 0)
    }
  }
}

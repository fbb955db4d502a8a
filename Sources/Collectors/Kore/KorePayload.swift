import CollectorKit

/// The answer of userEngagementTrend (vendor page, "Sample Response").
///
/// The first version has the days in `results`; the second has `uniqueUsersTrend`, `newUsersTrend` and
/// `returningUsersTrend`, each with the days in `dataPoints`.
struct KorePayload: Decodable, Sendable {
  /// One day: its users, or the users of its hours.
  struct Row: Decodable, Sendable {
    /// The day as the vendor writes it, or what is there instead as messages show it.
    let date: String
    /// The day; nil if it cannot be read.
    let day: CivilDate?
    /// The day's users; nil where the field is missing.
    let users: JSONNumber?
    /// The users by hour; an hour that is there twice has both.
    let hours: [(hour: Int, users: JSONNumber)]
    /// The names that begin as hours do and are none.
    let strangeHours: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: AnyKey.self)
      let dateKey = AnyKey("date")
      let text = try? container.decode(String.self, forKey: dateKey)
      day = text.flatMap(KoreDate.day)
      date =
        text.map { "\"\(ErrorEnvelope.printable(String($0.prefix(40))))\"" }
        ?? (container.contains(dateKey) ? "no text" : "missing")
      let usersKey = AnyKey("users")
      users =
        container.contains(usersKey)
        ? try container.decode(JSONNumber.self, forKey: usersKey) : nil
      hours = try container.allKeys.compactMap { key in
        guard let hour = KoreDate.hour(key.stringValue) else { return nil }
        return (hour, try container.decode(JSONNumber.self, forKey: key))
      }
      strangeHours = container.allKeys.map(\.stringValue).filter { name in
        (name.first?.isNumber ?? false) && KoreDate.hour(name) == nil
      }
    }

    /// The numbers of users that an aggregation has.
    func numbers(_ aggregation: KoreRequests.Aggregation) -> [JSONNumber] {
      switch aggregation {
      case .hourly: hours.map(\.users)
      case .daily: users.map { [$0] } ?? []
      }
    }
  }

  /// The days of all users; nil where there is no `results` and no `uniqueUsersTrend`.
  private(set) var rows: [Row]?
  /// The days of new users, where the answer has them.
  private(set) var newUsers: [Row]?
  /// The days of returning users, where the answer has them.
  private(set) var returningUsers: [Row]?
  /// Whether there are `errors`, which may come with 200 as well.
  let hasErrors: Bool

  private enum CodingKeys: String, CodingKey {
    case results, errors, uniqueUsersTrend, newUsersTrend, returningUsersTrend
  }

  /// One of the second version's trends.
  private struct Trend: Decodable {
    let dataPoints: [Row]?
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let errors = try? container.nestedUnkeyedContainer(forKey: .errors)
    let isNull = (try? container.decodeNil(forKey: .errors)) ?? true
    hasErrors = errors.map { !$0.isAtEnd } ?? !isNull
    guard !hasErrors else {
      (rows, newUsers, returningUsers) = (nil, nil, nil)
      return
    }
    func trend(_ key: CodingKeys) throws -> [Row]? {
      try container.decodeIfPresent(Trend.self, forKey: key)?.dataPoints
    }
    rows = try container.decodeIfPresent([Row].self, forKey: .results) ?? trend(.uniqueUsersTrend)
    newUsers = try trend(.newUsersTrend)
    returningUsers = try trend(.returningUsersTrend)
  }

  /// The days of such users; nil where the answer has no such list.
  func rows(_ users: KoreUsers) -> [Row]? {
    switch users {
    case .unique: rows
    case .new: newUsers
    case .returning: returningUsers
    }
  }

  /// Why nothing of the answer can be used; nil if something can, or no day has users.
  ///
  /// - Parameters:
  ///   - aggregation: What was asked for.
  ///   - days: The days that were asked for.
  ///   - name: The list of the days of all users.
  /// - Returns: The cause, for an error.
  func problem(
    _ aggregation: KoreRequests.Aggregation,
    _ days: ClosedRange<CivilDate>,
    name: String
  ) -> String? {
    for users in KoreUsers.allCases {
      guard let rows = rows(users), let first = rows.first else { continue }
      let list = "\"\(users == .unique ? name : users.listName)\""
      let dates = rows.compactMap(\.day)
      guard let least = dates.min(), let greatest = dates.max() else {
        return "no date of \(list) can be read: the first is \(first.date), not such as Aug 06 2020"
      }
      guard dates.contains(where: days.contains) else {
        return "the days of \(list) are \(least) to \(greatest), not \(days.lowerBound) to "
          + "\(days.upperBound) as asked for"
      }
      let numbers = rows.flatMap { $0.numbers(aggregation) }
      if numbers.isEmpty {
        let seen = rows.lazy.flatMap(\.strangeHours).first.map {
          "; there is \"\(ErrorEnvelope.printable(String($0.prefix(40))))\""
        }
        return switch aggregation {
        case .hourly: "the rows of \(list) have no hours such as \"0 - 1\"" + (seen ?? "")
        case .daily: "the rows of \(list) have no \"users\""
        }
      }
      // null, an empty text and "-" are no users yet.
      let unreadable = numbers.compactMap { number in
        if case .unreadable(let seen) = number { seen } else { nil }
      }
      if let seen = unreadable.first, unreadable.count == numbers.count {
        return "no number of \(list) can be read: the first is \(seen)"
      }
    }
    return nil
  }

  /// The answer without the days that were not asked for.
  func only(_ days: ClosedRange<CivilDate>) -> KorePayload {
    func kept(_ rows: [Row]?) -> [Row]? {
      rows?.filter { $0.day.map(days.contains) ?? true }
    }
    var copy = self
    (copy.rows, copy.newUsers, copy.returningUsers) = (
      kept(rows), kept(newUsers), kept(returningUsers)
    )
    return copy
  }

  /// What is doubtful about an answer that can be used.
  ///
  /// - Parameters:
  ///   - today: The day that is running.
  ///   - zone: The configured zone's name.
  ///   - isSecond: Whether the second version was asked.
  /// - Returns: A line each, for the log.
  func notes(today: CivilDate, zone: String, isSecond: Bool) -> [String] {
    var notes: [String] = []
    let days = (rows ?? []).compactMap(\.day)
    if !days.contains(today) {
      notes.append(
        "no users of today, \(today) in \(zone): the latest day of the answer is "
          + (days.max().map { "\($0)" } ?? "missing") + "; check timezone and channels"
      )
    }
    for users in KoreUsers.allCases where isSecond && rows(users) == nil {
      notes.append("the answer has no \"\(users.listName)\", as the second version should")
    }
    return notes
  }

  /// The users of each day, and what could not be read.
  func days(of users: KoreUsers = .unique, _ skipped: inout [String]) -> [CivilDate: Double] {
    var days: [CivilDate: Double] = [:]
    for row in rows(users) ?? [] {
      guard let date = KorePayload.date(of: row, &skipped),
        let users = KorePayload.number(row.users, "\(users.word) of \(date)", &skipped)
      else { continue }
      days[date] = max(users, days[date] ?? users)
    }
    return days
  }

  /// The users of each hour of the local clock, and what could not be read.
  func hours(of users: KoreUsers = .unique, _ skipped: inout [String]) -> [KoreHour: Double] {
    var hours: [KoreHour: Double] = [:]
    for row in rows(users) ?? [] {
      guard let date = KorePayload.date(of: row, &skipped) else { continue }
      for name in row.strangeHours {
        let shown = ErrorEnvelope.printable(String(name.prefix(40)))
        skipped.append("\"\(shown)\" of \(date) is no hour such as 0 - 1")
      }
      for (number, value) in row.hours {
        let hour = KoreHour(date: date, hour: number)
        guard let value = KorePayload.number(value, "\(users.word) of \(hour)", &skipped) else {
          continue
        }
        hours[hour] = max(value, hours[hour] ?? value)
      }
    }
    return hours
  }

  private static func date(of row: Row, _ skipped: inout [String]) -> CivilDate? {
    if let date = row.day { return date }
    skipped.append("the date of a row is \(row.date), not such as Aug 06 2020")
    return nil
  }

  private static func number(
    _ number: JSONNumber?,
    _ what: String,
    _ skipped: inout [String]
  ) -> Double? {
    if case .unreadable(let seen)? = number { skipped.append("\(what) is \(seen), not a number") }
    guard let value = number?.value else { return nil }
    if value < 0 {
      skipped.append("\(what) is \(value), less than 0")
      return nil
    }
    return value
  }
}

import CollectorKit

/// The answer of userEngagementTrend (vendor page, "Sample Response").
///
/// The first version has the days in `results`; the second has `uniqueUsersTrend`, `newUsersTrend` and
/// `returningUsersTrend`, each with the days in `dataPoints`.
struct KorePayload: Decodable, Sendable {
  /// One day: its users, or the users of its hours.
  struct Row: Decodable, Sendable {
    /// The day as the vendor writes it.
    let date: String?
    /// The day's users; nil where the field is missing.
    let users: JSONNumber?
    /// The users by hour; an hour that is there twice has both.
    let hours: [(hour: Int, users: JSONNumber)]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: AnyKey.self)
      date = try? container.decode(String.self, forKey: AnyKey("date"))
      let usersKey = AnyKey("users")
      users =
        container.contains(usersKey)
        ? try container.decode(JSONNumber.self, forKey: usersKey) : nil
      hours = try container.allKeys.compactMap { key in
        guard let hour = KoreDate.hour(key.stringValue) else { return nil }
        return (hour, try container.decode(JSONNumber.self, forKey: key))
      }
    }
  }

  /// The days of all users; nil where there is no `results` and no `uniqueUsersTrend`.
  let rows: [Row]?
  /// The days of new users, where the answer has them.
  let newUsers: [Row]?
  /// The days of returning users, where the answer has them.
  let returningUsers: [Row]?
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

  private func rows(_ users: KoreUsers) -> [Row] {
    switch users {
    case .unique: rows ?? []
    case .new: newUsers ?? []
    case .returning: returningUsers ?? []
    }
  }

  /// The users of each day, and what could not be read.
  func days(of users: KoreUsers = .unique, _ skipped: inout [String]) -> [CivilDate: Double] {
    var days: [CivilDate: Double] = [:]
    for row in rows(users) {
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
    for row in rows(users) {
      guard let date = KorePayload.date(of: row, &skipped) else { continue }
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
    if let date = row.date.flatMap(KoreDate.day) { return date }
    let seen = row.date.map { "\"\(ErrorEnvelope.printable(String($0.prefix(40))))\"" } ?? "missing"
    skipped.append("the date of a row is \(seen), not such as Aug 06 2020")
    return nil
  }

  private static func number(
    _ number: JSONNumber?,
    _ what: String,
    _ skipped: inout [String]
  ) -> Double? {
    if case .unreadable(let seen)? = number { skipped.append("\(what) is \(seen), not a number") }
    return number?.value
  }
}

import CollectorKit

/// The answer of userEngagementTrend (vendor page, "Sample Response").
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

  /// The days; nil where there is no `results`.
  let rows: [Row]?
  /// Whether there are `errors`, which may come with 200 as well.
  let hasErrors: Bool

  private enum CodingKeys: String, CodingKey {
    case results, errors
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let errors = try? container.nestedUnkeyedContainer(forKey: .errors)
    let isNull = (try? container.decodeNil(forKey: .errors)) ?? true
    hasErrors = errors.map { !$0.isAtEnd } ?? !isNull
    rows = hasErrors ? nil : try container.decodeIfPresent([Row].self, forKey: .results)
  }

  /// The users of each day, and what could not be read.
  func days(_ skipped: inout [String]) -> [CivilDate: Double] {
    var days: [CivilDate: Double] = [:]
    for row in rows ?? [] {
      guard let date = KorePayload.date(of: row, &skipped),
        let users = KorePayload.number(row.users, "users of \(date)", &skipped)
      else { continue }
      days[date] = max(users, days[date] ?? users)
    }
    return days
  }

  /// The users of each hour of the local clock, and what could not be read.
  func hours(_ skipped: inout [String]) -> [KoreHour: Double] {
    var hours: [KoreHour: Double] = [:]
    for row in rows ?? [] {
      guard let date = KorePayload.date(of: row, &skipped) else { continue }
      for (number, users) in row.hours {
        let hour = KoreHour(date: date, hour: number)
        guard let users = KorePayload.number(users, "users of \(hour)", &skipped) else { continue }
        hours[hour] = max(users, hours[hour] ?? users)
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

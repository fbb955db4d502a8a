import CollectorKit
import ConfigurationFile

/// A period as the vendor's `filter` knows it (vendor page, "Filter Values").
enum ExperiaPeriod: Hashable, Sendable {
  case daily, weekly, monthly, yearly
  /// A custom range: a period of its own name.
  case range(ClosedRange<CivilDate>)

  /// The label `period`: the same for a name and its synonym.
  var name: String {
    switch self {
    case .daily: "daily"
    case .weekly: "weekly"
    case .monthly: "monthly"
    case .yearly: "yearly"
    case .range(let days): ExperiaPeriod.filter(days)
    }
  }

  /// The value of `filter`.
  ///
  /// The running day is asked for by its own range, so that the answer can be of no other day:
  /// `daily` means whatever day the vendor's clock, or a cache in front of it, says.
  func filter(on day: CivilDate) -> String {
    switch self {
    case .daily: ExperiaPeriod.filter(day...day)
    case .weekly, .monthly: name
    case .yearly: "YEAR"
    case .range(let days): ExperiaPeriod.filter(days)
    }
  }

  /// A range of days as the vendor writes it.
  static func filter(_ days: ClosedRange<CivilDate>) -> String {
    "\(days.lowerBound) to \(days.upperBound)"
  }

  /// The period's first day.
  ///
  /// - Parameters:
  ///   - day: The running day.
  ///   - weekStart: The weekday, 0 for Sunday, on which the vendor's week starts.
  /// - Returns: The day; nil only beyond the calendar.
  func firstDay(on day: CivilDate, weekStart: Int) -> CivilDate? {
    let (year, month, _) = day.components
    return switch self {
    case .daily: day
    case .weekly: day.adding(days: -((day.weekday - weekStart + 7) % 7))
    case .monthly: CivilDate(year: year, month: month, day: 1)
    case .yearly: CivilDate(year: year, month: 1, day: 1)
    case .range(let days): days.lowerBound
    }
  }

  /// A name, a documented value of `filter` or a range of two dates in order; nil for anything else.
  init?(_ text: String) {
    if let named = ExperiaPeriod.named[text] {
      self = named
      return
    }
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[1] == "to", let first = CivilDate(String(words[0])),
      let last = CivilDate(String(words[2])), first <= last
    else { return nil }
    self = .range(first...last)
  }

  private static let named: [String: ExperiaPeriod] = [
    "daily": .daily, "TODAY": .daily, "weekly": .weekly, "WEEK": .weekly, "monthly": .monthly,
    "MONTH": .monthly, "yearly": .yearly, "YEAR": .yearly,
  ]
  private static let forms =
    #""daily", "weekly", "monthly", "yearly" or a range of days such as "2026-01-01 to 2026-01-31""#

  /// The period below a key.
  static func one(_ section: Section, _ key: String) -> ExperiaPeriod? {
    section.choice(key, forms, near: named.keys.sorted()) { ExperiaPeriod($0) }
  }

  /// The periods below a key, none of them twice.
  static func list(_ section: Section, _ key: String) -> [ExperiaPeriod]? {
    section.choices(key, forms, near: named.keys.sorted()) { ExperiaPeriod($0) }
  }
}

import CollectorKit

/// Instants as the vendors take them: ISO 8601 in UTC.
enum UTCInstant {
  /// `2026-01-15T10:30:00.000Z`.
  static func text(_ unixTime: Double) -> String {
    let date = Zone.utc.date(at: unixTime)
    let second = Int(unixTime.rounded(.down) - Double(Zone.utc.startOfDay(date)))
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = [second / 3600, second / 60 % 60, second % 60].map(padded).joined(separator: ":")
    return "\(date)T\(clock).000Z"
  }

  /// `2026-01-15T23:59:59.999Z`, the last instant of a UTC day.
  static func end(of date: CivilDate) -> String { "\(date)T23:59:59.999Z" }
}

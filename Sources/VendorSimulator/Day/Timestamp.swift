/// Instants as the vendors and HTTP write them, in UTC.
enum Timestamp {
  /// `2026-01-15T10:30:00.000000Z` with so many digits of a second.
  static func iso8601(_ instant: Double, fractionDigits: Int) -> String {
    let (date, time, fraction) = parts(instant)
    let digits = (fraction.padded(6) + "000").prefix(fractionDigits)
    return "\(date.text)T\(time).\(digits)Z"
  }

  /// IMF-fixdate (RFC 9110, section 5.6.7).
  static func http(_ instant: Double) -> String {
    let (date, time, _) = parts(instant)
    let (year, month, day) = date.civil
    return CivilDate.weekdayNames[date.weekday] + ", \(day.padded(2)) "
      + CivilDate.monthNames[month - 1] + " \(year.padded(4)) \(time) GMT"
  }

  /// The instant of `2026-01-15`, or of `2026-01-15T10:30:00`, with or without a fraction and `Z`.
  static func parse(_ text: String) -> Double? {
    guard let date = CivilDate(parsing: text.prefix(10)) else { return nil }
    let midnight = date.start(offset: 0)
    var clock = text.dropFirst(10)
    guard !clock.isEmpty else { return midnight }
    guard clock.popFirst() == "T" else { return nil }
    if clock.hasSuffix("Z") { clock.removeLast() }
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 2, parts[1].utf8.count == 2,
      let hours = UInt(parts[0]), let minutes = UInt(parts[1]), let seconds = Double(parts[2]),
      hours < 24, minutes < 60, seconds >= 0, seconds < 61
    else { return nil }
    return midnight + Double(hours * 3600 + minutes * 60) + seconds
  }

  private static func parts(_ instant: Double) -> (CivilDate, time: String, fraction: Int) {
    let microseconds = Int((instant * 1e6).rounded())
    let seconds = microseconds.flooredQuotient(1_000_000)
    let date = CivilDate(days: seconds.flooredQuotient(86_400))
    let second = seconds - date.days * 86_400
    let time =
      "\((second / 3600).padded(2)):\((second / 60 % 60).padded(2)):\((second % 60).padded(2))"
    return (date, time, microseconds - seconds * 1_000_000)
  }
}

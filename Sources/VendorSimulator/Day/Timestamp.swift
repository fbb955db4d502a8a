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

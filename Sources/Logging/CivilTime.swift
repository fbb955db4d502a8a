/// A UTC time as RFC 3339 writes it, with milliseconds.
struct CivilTime {
  let text: String

  /// The years 0000 to 9999, which are what RFC 3339 can write.
  private static let range = -62_167_219_200.0...253_402_300_799.0

  /// Howard Hinnant's days-to-civil arithmetic: no calendar library for one timestamp.
  ///
  /// The nearest millisecond is taken, for 0.123 seconds may be a little less as a `Double`. A time
  /// outside the range becomes the nearest one inside: a broken clock must not end the process.
  init(unixTime: Double) {
    let bounded =
      unixTime.isNaN
      ? 0 : min(max(unixTime, CivilTime.range.lowerBound), CivilTime.range.upperBound)
    let milliseconds = Int64((bounded * 1000).rounded())
    let seconds = milliseconds.flooredQuotient(1000)
    let days = seconds.flooredQuotient(86_400)
    let secondOfDay = Int(seconds - days * 86_400)
    let shifted = days + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    let year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    let fraction = Int(milliseconds - seconds * 1000)
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    text =
      "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
      + "\(padded(secondOfDay / 3600, 2)):\(padded(secondOfDay / 60 % 60, 2)):"
      + "\(padded(secondOfDay % 60, 2)).\(padded(fraction, 3))Z"
  }
}

extension Int64 {
  /// The quotient rounded toward negative infinity, so that times before 1970 come out right.
  fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}

/// A UTC time as RFC 3339 writes it, with milliseconds.
struct CivilTime {
  let text: String

  /// The years 0000 to 9999, which are what RFC 3339 can write.
  private static let range = -62_167_219_200.0...253_402_300_799.0

  /// Writes a time.
  ///
  /// The nearest millisecond is taken, for 0.123 seconds may be a little less as a `Double`. A time
  /// outside the range becomes the nearest one inside: a broken clock must not end the process.
  init(unixTime: Double) {
    let bounded =
      unixTime.isNaN
      ? 0 : min(max(unixTime, CivilTime.range.lowerBound), CivilTime.range.upperBound)
    let milliseconds = Int((bounded * 1000).rounded())
    let seconds = milliseconds.flooredQuotient(1000)
    let days = seconds.flooredQuotient(86_400)
    let secondOfDay = seconds - days * 86_400
    let (year, month, day) = GregorianCalendar.components(ofDay: days)
    let fraction = milliseconds - seconds * 1000
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

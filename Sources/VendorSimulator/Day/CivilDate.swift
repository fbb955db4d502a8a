/// A day of the proleptic Gregorian calendar, counted from 1970-01-01.
struct CivilDate: Comparable, Hashable {
  /// Days since 1970-01-01, negative before.
  let days: Int

  init(days: Int) {
    self.days = days
  }

  /// Howard Hinnant's days_from_civil.
  init(year: Int, month: Int, day: Int) {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear.flooredQuotient(400)
    let yearOfEra = shiftedYear - era * 400
    let shiftedMonth = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    days = era * 146_097 + dayOfEra - 719_468
  }

  /// The day on which an instant falls, `offset` seconds east of UTC.
  init(instant: Double, offset: Int) {
    days = Int(((instant + Double(offset)) / 86_400).rounded(.down))
  }

  /// `YYYY-MM-DD`, or nil where that is no day.
  init?(parsing text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == 10, digits[4] == UInt8(ascii: "-"), digits[7] == UInt8(ascii: "-"),
      let year = CivilDate.number(digits[0..<4]), let month = CivilDate.number(digits[5..<7]),
      let day = CivilDate.number(digits[8..<10])
    else { return nil }
    self.init(year: year, month: month, day: day)
    // February 30th comes back as March: only a day that survives the way there and back exists.
    guard civil == (year, month, day) else { return nil }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }

  /// Year, month and day; Howard Hinnant's civil_from_days.
  var civil: (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// 0 for Sunday to 6 for Saturday.
  var weekday: Int {
    let shifted = days + 4
    return shifted - shifted.flooredQuotient(7) * 7
  }

  /// The first instant of the day, `offset` seconds east of UTC.
  func start(offset: Int) -> Double {
    Double(days * 86_400 - offset)
  }

  /// `YYYY-MM-DD`.
  var text: String {
    let (year, month, day) = civil
    return "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))"
  }

  static func < (left: CivilDate, right: CivilDate) -> Bool {
    left.days < right.days
  }

  static let monthNames = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  static let weekdayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
}

extension Int {
  /// The quotient rounded toward negative infinity.
  func flooredQuotient(_ divisor: Int) -> Int {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }

  /// The decimal digits, zeros in front up to `width`.
  func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}

#if canImport(Glibc)
import Glibc
#endif

/// The line `Date: …`, made anew once a second (RFC 9110, section 5.6.7).
struct DateField {
  private var second = Int.min
  private(set) var line: [UInt8] = []

  /// Brings the line up to date.
  mutating func update() {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME_COARSE, &time)
    update(unixTime: time.tv_sec)
  }

  /// Makes the line for that Unix time.
  mutating func update(unixTime: Int) {
    guard unixTime != second else { return }
    second = unixTime
    line = Array("Date: \(DateField.text(unixTime: unixTime))\r\n".utf8)
  }

  /// A time as IMF-fixdate; days to civil after Howard Hinnant's arithmetic.
  static func text(unixTime: Int) -> String {
    let secondOfDay = ((unixTime % 86_400) + 86_400) % 86_400
    let days = (unixTime - secondOfDay) / 86_400
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 2 : shiftedMonth - 10
    let year = yearOfEra + era * 400 + (month <= 1 ? 1 : 0)
    let dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let monthNames = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    // 1970-01-01 was a Thursday.
    let weekday = ((days + 4) % 7 + 7) % 7
    func padded(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return "\(dayNames[weekday]), \(padded(day)) \(monthNames[month]) \(padded(year, 4)) "
      + "\(padded(secondOfDay / 3600)):\(padded(secondOfDay / 60 % 60)):"
      + "\(padded(secondOfDay % 60)) GMT"
  }
}

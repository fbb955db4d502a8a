import Logging

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

  /// A time as IMF-fixdate.
  static func text(unixTime: Int) -> String {
    let secondOfDay = ((unixTime % 86_400) + 86_400) % 86_400
    let days = (unixTime - secondOfDay) / 86_400
    let (year, month, day) = GregorianCalendar.components(ofDay: days)
    let dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let monthNames = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    func padded(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return
      "\(dayNames[GregorianCalendar.weekday(ofDay: days)]), \(padded(day)) \(monthNames[month - 1]) \(padded(year, 4)) "
      + "\(padded(secondOfDay / 3600)):\(padded(secondOfDay / 60 % 60)):"
      + "\(padded(secondOfDay % 60)) GMT"
  }
}

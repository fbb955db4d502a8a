public import Logging

/// Dates in HTTP fields such as `Date` and `Retry-After` (RFC 9110, section 5.6.7).
public enum HTTPDate {
  /// Reads a date in any of the three formats.
  ///
  /// - Parameters:
  ///   - text: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or
  ///     `Sun Nov  6 08:49:37 1994`.
  ///   - now: Unix seconds; a two-digit year more than 50 years after it lies in the past.
  /// - Returns: Unix seconds, or nil where the text is no such date.
  public static func parse(_ text: String, now: Double = Logger.systemTime()) -> Double? {
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first, let last = words.last else { return nil }
    switch words.count {
    case 6 where last == "GMT" && isDay(first, shortDays, suffix: ","):
      return seconds(year: number(words[3], 4), words[2], number(words[1], 2), words[4])
    case 4 where last == "GMT" && isDay(first, longDays, suffix: ","):
      let date = words[1].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      guard date.count == 3, let short = number(date[2], 2) else { return nil }
      return resolve(twoDigits: short, now: now) { year in
        seconds(year: year, date[1], number(date[0], 2), words[2])
      }
    case 5 where isDay(first, shortDays, suffix: ""):
      // asctime pads the day with a space, which the split has taken.
      let day = words[2].utf8.count == 1 ? number(words[2], 1) : number(words[2], 2)
      return seconds(year: number(words[4], 4), words[1], day, words[3])
    default:
      return nil
    }
  }

  private static let shortDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let longDays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func isDay(_ word: String, _ days: [String], suffix: String) -> Bool {
    days.contains { $0 + suffix == word }
  }

  /// A number of exactly that many digits.
  private static func number(_ text: String, _ digits: Int) -> Int? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  /// The latest year with those two digits that is not more than 50 years after now.
  private static func resolve(
    twoDigits short: Int,
    now: Double,
    _ seconds: (Int) -> Double?
  ) -> Double? {
    let present = Int((now / 31_556_952).rounded(.down)) + 1970
    let century = present - present % 100 + 100
    let latest = now + 50 * 31_556_952
    for candidate in [century + short, century - 100 + short] {
      if let time = seconds(candidate), time <= latest { return time }
    }
    return seconds(century - 200 + short)
  }

  private static func seconds(
    year: Int?,
    _ monthName: String,
    _ day: Int?,
    _ clock: String
  ) -> Double? {
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
      .map { number(String($0), 2) }
    guard let year, let day, let month = months.firstIndex(of: monthName), parts.count == 3,
      let hour = parts[0], let minute = parts[1], let second = parts[2],
      // 60 is a leap second.
      hour < 24, minute < 60, second <= 60,
      let date = GregorianCalendar.dayNumber(year: year, month: month + 1, day: day)
    else { return nil }
    return Double(date * 86_400 + hour * 3600 + minute * 60 + second)
  }
}

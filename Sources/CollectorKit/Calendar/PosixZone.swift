import Logging

/// The rule at the end of a TZif file: POSIX' TZ string with RFC 9636's wider hours.
///
/// Example: `CET-1CEST,M3.5.0,M10.5.0/3`. Offsets there count west of UTC; here they count east.
struct PosixZone: Sendable {
  private let standardOffset: Int
  private let daylight: Daylight?

  private struct Daylight: Sendable {
    let offset: Int
    let start: ChangeRule
    let end: ChangeRule
  }

  /// Decodes a rule; nil where it is malformed.
  init?(_ text: String) {
    var reader = Reader(text)
    guard reader.skipName(), let west = reader.time(limit: 24) else { return nil }
    standardOffset = -west
    guard !reader.isAtEnd else {
      daylight = nil
      return
    }
    guard reader.skipName() else { return nil }
    var offset = standardOffset + 3600
    if !reader.isAtEnd, reader.peek != UInt8(ascii: ",") {
      guard let west = reader.time(limit: 24) else { return nil }
      offset = -west
    }
    guard reader.take(","), let start = reader.rule(), reader.take(","), let end = reader.rule(),
      reader.isAtEnd
    else { return nil }
    daylight = Daylight(offset: offset, start: start, end: end)
  }

  /// Seconds east of UTC at that instant.
  func offset(at unixTime: Int64) -> Int {
    guard let daylight else { return standardOffset }
    let local = unixTime + Int64(standardOffset)
    let day = CivilDate(dayNumber: Int((Double(local) / 86_400).rounded(.down)))
    let year = day.components.year
    // The neighbours' changes matter where a rule reaches over the turn of the year.
    var changes: [(time: Int64, offset: Int)] = []
    for candidate in (year - 1)...(year + 1) {
      changes.append(
        (daylight.start.localTime(in: candidate) - Int64(standardOffset), daylight.offset)
      )
      changes.append(
        (daylight.end.localTime(in: candidate) - Int64(daylight.offset), standardOffset)
      )
    }
    // A later entry wins a tie: daylight time that ends as it starts again lasts all year.
    let past = changes.filter { $0.time <= unixTime }
    guard let latest = past.map(\.time).max() else { return standardOffset }
    return past.last { $0.time == latest }?.offset ?? standardOffset
  }

  /// When in a year the clock changes.
  private struct ChangeRule: Sendable {
    enum Day: Sendable {
      case julian(Int)
      case zeroBased(Int)
      case weekday(month: Int, week: Int, weekday: Int)
    }

    let day: Day
    let seconds: Int

    /// Seconds of local time since 1970, as if local time were UTC.
    func localTime(in year: Int) -> Int64 {
      let first = CivilDate(year: year, month: 1, day: 1)?.dayNumber ?? 0
      let number: Int
      switch day {
      case .julian(let day):
        number = first + day - 1 + (GregorianCalendar.isLeap(year) && day >= 60 ? 1 : 0)
      case .zeroBased(let day):
        number = first + day
      case .weekday(let month, let week, let weekday):
        let start = CivilDate(year: year, month: month, day: 1) ?? CivilDate(dayNumber: first)
        let length = GregorianCalendar.length(ofMonth: month, year: year)
        var day = 1 + (weekday - start.weekday + 7) % 7 + (week - 1) * 7
        while day > length { day -= 7 }
        number = start.dayNumber + day - 1
      }
      return Int64(number) * 86_400 + Int64(seconds)
    }
  }

  /// A cursor over the rule's bytes.
  private struct Reader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
      bytes = Array(text.utf8)
    }

    var isAtEnd: Bool { position == bytes.count }
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard let peek, UInt32(peek) == character.value else { return false }
      position += 1
      return true
    }

    mutating func skipName() -> Bool {
      let start = position
      if take("<") {
        while let byte = peek, byte != UInt8(ascii: ">") {
          position += 1
          guard byte > 0x20 else { return false }
        }
        return take(">")
      }
      while let byte = peek, (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) {
        position += 1
      }
      return position - start >= 3
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
      var value = 0
      let start = position
      while let byte = peek, (0x30...0x39).contains(byte), position - start < 4 {
        value = value * 10 + Int(byte - 0x30)
        position += 1
      }
      return position > start && range.contains(value) ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time(limit hours: Int) -> Int? {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      guard var seconds = number(0...hours).map({ $0 * 3600 }) else { return nil }
      for unit in [60, 1] where take(":") {
        guard let part = number(0...59) else { return nil }
        seconds += part * unit
      }
      return isNegative ? -seconds : seconds
    }

    mutating func rule() -> ChangeRule? {
      let day: ChangeRule.Day
      if take("J") {
        guard let number = number(1...365) else { return nil }
        day = .julian(number)
      } else if take("M") {
        guard let month = number(1...12), take("."), let week = number(1...5), take("."),
          let weekday = number(0...6)
        else { return nil }
        day = .weekday(month: month, week: week, weekday: weekday)
      } else {
        guard let number = number(0...365) else { return nil }
        day = .zeroBased(number)
      }
      guard take("/") else { return ChangeRule(day: day, seconds: 7200) }
      return time(limit: 167).map { ChangeRule(day: day, seconds: $0) }
    }
  }
}

/// Which part of Experia's traffic a request asks for.
struct ExperiaFilter {
  let from: Double
  let to: Double
  /// Seconds east of UTC, from `timezoneOffset`.
  let offset: Int
  /// The part of the traffic that channels, groups and agent leave, 0 to 1.
  let share: Double

  /// The days that the range covers, the one that is running included.
  var days: Int {
    guard to > from else { return 1 }
    return Int(((to - from) / 86_400).rounded(.up))
  }

  /// The period of a filter value, or nil for an unknown one; what lies after now is not there yet.
  static func period(
    _ filter: String,
    offset: Int,
    weekStart: Int,
    now: Double
  ) -> (from: Double, to: Double)? {
    let today = CivilDate(instant: now, offset: offset)
    let (year, month, _) = today.civil
    let first: CivilDate
    var end = now
    switch filter {
    case "daily", "TODAY": first = today
    case "weekly", "WEEK":
      first = CivilDate(days: today.days - (today.weekday - weekStart + 7) % 7)
    case "monthly", "MONTH": first = CivilDate(year: year, month: month, day: 1)
    case "YEAR": first = CivilDate(year: year, month: 1, day: 1)
    default:
      let text = Array(filter.utf8)
      guard text.count == 24, filter.dropFirst(10).dropLast(10) == " to ",
        let start = CivilDate(parsing: filter.prefix(10)),
        let last = CivilDate(parsing: filter.suffix(10)), start <= last
      else { return nil }
      first = start
      end = min(now, CivilDate(days: last.days + 1).start(offset: offset))
    }
    return (first.start(offset: offset), end)
  }

  /// Seconds east of UTC of `+HH:MM` or `-HH:MM`, or nil.
  static func seconds(offset text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
      bytes[3] == UInt8(ascii: ":"),
      [1, 2, 4, 5].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) }),
      let hours = Int(text.dropFirst().prefix(2)), let minutes = Int(text.suffix(2)), hours <= 14,
      minutes <= 59
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return bytes[0] == UInt8(ascii: "-") ? -seconds : seconds
  }

  /// The part of the traffic that a selection leaves: each channel, group and agent has its own,
  /// and several channels or groups together never have more than all.
  static func share(channels: [String], groups: [String], email: String) -> Double {
    func part(_ names: [String], from low: Double, to high: Double) -> Double {
      names.isEmpty
        ? 1
        : min(
          1,
          Set(names).sorted().reduce(0) { sum, name in
            sum + low + (high - low) * Double(Noise.stream(name) % 1000) / 1000
          }
        )
    }
    return part(channels, from: 0.2, to: 0.45) * part(groups, from: 0.25, to: 0.5)
      * part(email.isEmpty ? [] : [email], from: 0.05, to: 0.15)
  }
}

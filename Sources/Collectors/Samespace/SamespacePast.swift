import CollectorKit

/// The span of time that a time range's name stands for at a given moment.
///
/// The vendor defines none of the names. Those that say their length are taken at their word; others,
/// months for one, have none that could be known.
struct SamespacePast: Equatable, Sendable {
  /// Unix seconds.
  let start: Int64
  /// Unix seconds; the first behind the range.
  let end: Int64

  /// What a range covered when a day ended; nil where that is not known.
  init?(_ range: SamespaceRange, endOf day: CivilDate, in zone: Zone) {
    switch range {
    case .named(let name): self.init(name, endOf: day, in: zone)
    case .fixed where range.isDayToDate: self.init("TODAY", endOf: day, in: zone)
    case .fixed, .custom: return nil
    }
  }

  private static let units: [String: Int64] = [
    "MINUTE": 60, "HOUR": 3600, "DAY": 86_400, "WEEK": 7 * 86_400,
  ]

  /// What a time range covered when a day ended; nil where its length is not known.
  init?(_ name: String, endOf day: CivilDate, in zone: Zone) {
    end = zone.startOfDay(day.adding(days: 1))
    if name == "TODAY" {
      start = zone.startOfDay(day)
      return
    }
    // PAST_HOUR, PAST_30_DAYS
    let words = name.split(separator: "_", omittingEmptySubsequences: false)
    guard words.first == "PAST", let last = words.last else { return nil }
    var unit = String(last)
    var count: Int64 = 1
    switch words.count {
    case 2: break
    case 3:
      guard let number = Int64(words[1]), (1...10_000).contains(number),
        unit.hasSuffix("S") || number == 1
      else { return nil }
      count = number
      if unit.hasSuffix("S") { unit.removeLast() }
    default: return nil
    }
    guard let seconds = SamespacePast.units[unit] else { return nil }
    start = end - count * seconds
  }
}

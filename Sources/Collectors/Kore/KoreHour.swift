import CollectorKit

/// An hour of the local clock on one day.
struct KoreHour: Hashable, Comparable, Sendable, CustomStringConvertible {
  let date: CivilDate
  /// 0 to 23.
  let hour: Int

  /// The hour before, on the clock.
  var previous: KoreHour {
    hour == 0
      ? KoreHour(date: date.adding(days: -1), hour: 23) : KoreHour(date: date, hour: hour - 1)
  }

  /// The hour's first instant in Unix seconds; nil where the clock leaves the hour out.
  func start(in zone: Zone) -> Int64? {
    zone.instant(of: date, hour: hour)
  }

  /// The latest hour before this one that the clock does not leave out.
  func latestBefore(in zone: Zone) -> KoreHour? {
    // Where a zone changed sides of the date line the clock left out a whole day, never more.
    var candidate = previous
    for _ in 0..<25 {
      if candidate.start(in: zone) != nil { return candidate }
      candidate = candidate.previous
    }
    return nil
  }

  var description: String { "\(date) \(hour) - \((hour + 1) % 24)" }

  static func < (left: KoreHour, right: KoreHour) -> Bool {
    (left.date, left.hour) < (right.date, right.hour)
  }
}

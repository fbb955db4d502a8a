/// The points of a chart between two dates: what Rocket.Chat's server makes of `start` and `end`.
struct RocketChatRange {
  /// A point's label and the rooms' creation times that belong to it.
  struct Bucket {
    let label: String
    let from: Double
    let to: Double
  }

  let buckets: [Bucket]

  /// The dates are days of the workspace's zone, `offset` seconds east of UTC.
  ///
  /// One day gives 24 hours of that local day. Several days give the **UTC** days that the local
  /// range touches, one more than asked for wherever the zone is not UTC. A date that is none, or a
  /// range that ends before the day before it starts, gives no point at all.
  init(start: String, end: String, offset: Int) {
    guard let first = CivilDate(parsing: start), let last = CivilDate(parsing: end) else {
      buckets = []
      return
    }
    // The server's difference in whole days truncates: the day before counts as the same day.
    if last.days == first.days || last.days == first.days - 1 {
      buckets = RocketChatRange.hours(of: first, offset: offset)
    } else if last > first {
      buckets = RocketChatRange.days(from: first, to: last, offset: offset)
    } else {
      buckets = []
    }
  }

  private static func hours(of day: CivilDate, offset: Int) -> [Bucket] {
    let midnight = day.start(offset: offset)
    return (0..<24).map { hour in
      Bucket(
        label: "\(twelveHours(hour))-\(twelveHours((hour + 1) % 24))",
        from: midnight + Double(hour) * 3600,
        to: midnight + Double(hour + 1) * 3600
      )
    }
  }

  private static func days(from first: CivilDate, to last: CivilDate, offset: Int) -> [Bucket] {
    let firstUTC = CivilDate(instant: first.start(offset: offset), offset: 0)
    let lastInstant = CivilDate(days: last.days + 1).start(offset: offset) - 1
    let lastUTC = CivilDate(instant: lastInstant, offset: 0)
    return (firstUTC.days...lastUTC.days).map { days in
      let date = CivilDate(days: days)
      let (_, month, day) = date.civil
      let start = date.start(offset: 0)
      return Bucket(label: "\(month)/\(day)", from: start, to: start + 86_400)
    }
  }

  private static func twelveHours(_ hour: Int) -> String {
    "\(hour % 12 == 0 ? 12 : hour % 12)\(hour < 12 ? "AM" : "PM")"
  }
}

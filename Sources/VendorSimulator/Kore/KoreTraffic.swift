/// How many people talk to the bot; days and hours are UTC's where no other zone is asked for.
struct KoreTraffic: Sendable {
  /// Users an hour, summed over the day: somebody active in two hours counts twice.
  static let users = Series("users", perDay: 860)
  static let channels = ["rtm": 0.5, "msteams": 0.2, "ivr": 0.2, "facebook": 0.1]

  let model: DayModel

  /// The part of the users that these channels have; all of them where none is named.
  static func share(of names: [String]) -> Double {
    names.isEmpty ? 1 : Set(names).sorted().reduce(0) { $0 + (channels[$1] ?? 0) }
  }

  /// The part of an hour's, or a day's, users who were never there before.
  private static let newShare = 0.35

  /// New users among so many; the others return.
  static func new(among users: Int) -> Int { Int(Double(users) * newShare) }

  /// The users of each of the day's 24 hours, as they stand at `now`; `offset` seconds east of UTC.
  func hours(of day: CivilDate, offset: Int = 0, share: Double, at now: Double) -> [Int] {
    let midnight = day.start(offset: offset)
    return (0..<24).map { hour in
      let start = midnight + Double(hour) * 3600
      return share > 0
        ? model.count(
          KoreTraffic.users,
          from: start,
          to: min(start + 3600, now),
          share: share
        ) : 0
    }
  }

  /// The day's distinct users: never fewer than in the busiest hour, fewer than the hours' sum.
  func users(on day: CivilDate, offset: Int = 0, share: Double, at now: Double) -> Int {
    let hours = hours(of: day, offset: offset, share: share, at: now)
    let sum = hours.reduce(0, +)
    let busiest = hours.max() ?? 0
    return busiest + Int(Double(sum - busiest) * 0.64)
  }
}

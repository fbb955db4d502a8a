import CollectorKit

/// Which of a target's days have been closed: their last totals are in the ledger.
struct DayBook: Sendable {
  /// The last day that needs no more asking; nil before the first successful poll.
  private var closed: CivilDate?
  private let zone: Zone

  /// A day is over for every vendor whose clock is at most two minutes off once this much of the
  /// next one has passed.
  private static let settled = 150.0

  init(zone: Zone) {
    self.zone = zone
  }

  /// Starts the book at the first successful poll: what was before it is not counted.
  mutating func begin(at unixTime: Double) {
    let yesterday = zone.date(at: unixTime).adding(days: -1)
    // A clock that has gone back must find its own days unclosed.
    if let closed, closed <= yesterday { return }
    closed = yesterday
  }

  /// The oldest day that is over and not closed.
  func due(at unixTime: Double) -> CivilDate? {
    guard let day = closed?.adding(days: 1) else { return nil }
    return zone.date(at: unixTime - DayBook.settled) > day ? day : nil
  }

  /// The day's totals are in the ledger, or too old to be asked for.
  mutating func close(_ day: CivilDate) {
    closed = day
  }
}

import CollectorKit

/// Which of a target's days have been closed: their last totals are in the ledger.
///
/// A day before the first successful poll counts as closed, for a fresh ledger starts there.
struct DayBook: Sendable {
  private let zone: Zone
  /// How many days before the running one every poll brings anyway.
  private let overlap: Int
  /// The last day that needs no more asking; nil before the first successful poll.
  private var closed: CivilDate?

  /// A book that goes on where an earlier one stopped.
  ///
  /// - Parameters:
  ///   - zone: Where the days begin and end.
  ///   - overlap: How many days before the running one every poll brings.
  ///   - closedThrough: What `closedThrough` of the earlier one said.
  init(zone: Zone, overlap: Int = 0, closedThrough: Int64? = nil) {
    self.zone = zone
    self.overlap = overlap
    closed = closedThrough.map { zone.date(at: Double($0) - 1) }
  }

  /// The end of the last closed day, in Unix seconds: what is to be kept.
  var closedThrough: Int64? {
    closed.map { zone.startOfDay($0.adding(days: 1)) }
  }

  /// Starts the book at the first successful poll: what was before it is not counted.
  mutating func begin(at unixTime: Double) {
    let newest = zone.date(at: unixTime).adding(days: -1 - overlap)
    // A clock that has gone back must find its own days unclosed.
    if let closed, closed <= newest { return }
    closed = newest
  }

  /// The oldest day that is over, not closed and not brought by every poll.
  func due(at unixTime: Double) -> CivilDate? {
    guard let day = closed?.adding(days: 1) else { return nil }
    return VendorClock.hasPassed(day.adding(days: overlap), in: zone, at: unixTime) ? day : nil
  }

  /// The day's totals are in the ledger.
  mutating func close(_ day: CivilDate) {
    closed = day
  }

  /// Yesterday is asked for at least so long into the new day, however short `catch_up` is.
  private static let shortestCatchUp = 6 * 3600.0

  /// Gives up the days that began longer than `catch_up` and a day ago.
  ///
  /// - Parameters:
  ///   - catchUp: Seconds.
  ///   - unixTime: The present time.
  /// - Returns: The first and the last day that were given up, nil where there was none.
  mutating func giveUp(
    after catchUp: Double,
    at unixTime: Double
  ) -> (first: CivilDate, last: CivilDate)? {
    guard let first = due(at: unixTime) else { return nil }
    let limit = unixTime - max(catchUp, DayBook.shortestCatchUp) - 86_400
    // The day in which the limit lies began before it.
    let last = zone.date(at: limit)
    guard last >= first else { return nil }
    closed = last
    return (first, last)
  }
}

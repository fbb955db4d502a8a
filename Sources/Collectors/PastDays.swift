import CollectorKit
import Synchronization

/// When the totals of the day before were last asked for, by what they are totals of.
///
/// What came between a day's last poll and its end is in no answer about the next day.
final class PastDays: Sendable {
  private struct Entry {
    var day: CivilDate
    var asked: Double
  }

  /// A day is over for every vendor whose clock is at most two minutes off once this many seconds
  /// of the next one have passed.
  private static let settled = 150.0

  private let zone: Zone
  private let interval: Double?
  private let entries = Mutex<[String: Entry]>([:])

  /// Nothing asked yet.
  ///
  /// - Parameters:
  ///   - zone: Where the days begin and end.
  ///   - interval: Seconds after which a day is asked for again, where its total may still rise; nil
  ///     where once is enough.
  init(zone: Zone, again interval: Double? = nil) {
    self.zone = zone
    self.interval = interval
  }

  /// The day before where its totals are to be asked for at that Unix time, or nil.
  func due(_ key: String, at unixTime: Double) -> CivilDate? {
    let today = zone.date(at: unixTime)
    let day = today.adding(days: -1)
    let isOver = unixTime - Double(zone.startOfDay(today)) >= PastDays.settled
    return entries.withLock { entries in
      if let entry = entries[key], entry.day == day {
        // The clock may have gone back.
        guard let interval, abs(unixTime - entry.asked) >= interval else { return nil }
      }
      return isOver || interval != nil ? day : nil
    }
  }

  /// Keeps that a day was answered.
  func answered(_ day: CivilDate, _ key: String, at unixTime: Double) {
    entries.withLock { $0[key] = Entry(day: day, asked: unixTime) }
  }
}

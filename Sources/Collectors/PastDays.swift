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

  private let zone: Zone
  private let interval: Double?
  private let delay: Double
  private let entries = Mutex<[String: Entry]>([:])

  /// Nothing asked yet.
  ///
  /// - Parameters:
  ///   - zone: Where the days begin and end.
  ///   - interval: Seconds after which a day is asked for again, where its total may still rise; nil
  ///     where once is enough.
  ///   - delay: Seconds after a day's end when its totals are asked for.
  init(zone: Zone, again interval: Double? = nil, after delay: Double = VendorClock.settled) {
    self.zone = zone
    self.interval = interval
    self.delay = delay
  }

  /// The day before where its totals are to be asked for at that Unix time, or nil.
  func due(_ key: String, at unixTime: Double) -> CivilDate? {
    let day = zone.date(at: unixTime).adding(days: -1)
    let isOver = VendorClock.hasPassed(day, in: zone, at: unixTime, after: delay)
    return entries.withLock { entries in
      if let entry = entries[key], entry.day == day {
        // The clock may have gone back.
        guard let interval, abs(unixTime - entry.asked) >= interval else { return nil }
      }
      return isOver || interval != nil ? day : nil
    }
  }

  /// Asks for the day before where that is due, as a part of the poll.
  ///
  /// - Parameters:
  ///   - key: What the totals are of.
  ///   - prefix: What stands before the day in the part's name; the key and a space where it is nil.
  ///   - outcome: Takes the part.
  ///   - unixTime: The present time.
  ///   - work: Asks for a day's totals.
  /// - Throws: `CancellationError` where the poll was cancelled.
  func ask(
    _ key: String,
    prefix: String? = nil,
    into outcome: inout PollOutcome,
    at unixTime: Double,
    _ work: (CivilDate) async throws -> PollOutcome.Values
  ) async throws {
    guard let day = due(key, at: unixTime) else { return }
    try await outcome.part("\(prefix ?? key + " ")\(day)") {
      let values = try await work(day).checked()
      answered(day, key, at: unixTime)
      return values
    }
  }

  /// Keeps that a day was answered.
  func answered(_ day: CivilDate, _ key: String, at unixTime: Double) {
    entries.withLock { $0[key] = Entry(day: day, asked: unixTime) }
  }
}

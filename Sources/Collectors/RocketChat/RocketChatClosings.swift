import CollectorKit
import Synchronization

/// When each department's totals of the day before were last asked for.
///
/// Yesterday's chats may still be abandoned after midnight, and what came between the last poll and
/// midnight is in no other answer.
final class RocketChatClosings: Sendable {
  private struct Entry {
    var day: CivilDate
    var asked: Double
  }

  /// Seconds between two requests for the same day.
  static let interval = 3600.0

  private let entries = Mutex<[String: Entry]>([:])

  /// Whether a day is to be asked for at that Unix time; the clock may have gone back.
  func isDue(_ day: CivilDate, department: String, at unixTime: Double) -> Bool {
    entries.withLock { entries in
      guard let entry = entries[department], entry.day == day else { return true }
      return abs(unixTime - entry.asked) >= RocketChatClosings.interval
    }
  }

  /// Keeps that a day was answered.
  func answered(_ day: CivilDate, department: String, at unixTime: Double) {
    entries.withLock { $0[department] = Entry(day: day, asked: unixTime) }
  }
}

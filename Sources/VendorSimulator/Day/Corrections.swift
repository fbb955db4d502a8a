import Synchronization

/// What a vendor added to its past or took back, for tests: a number of events at one instant.
final class Corrections: Sendable {
  private struct Entry {
    let name: String
    let instant: Double
    let events: Int
  }

  private let entries = Mutex<[Entry]>([])

  /// Adds events, or takes them away, at an instant.
  func add(_ name: String, at instant: Double, events: Int) {
    entries.withLock { $0.append(Entry(name: name, instant: instant, events: events)) }
  }

  /// What was added to a series in [from, to).
  func sum(_ name: String, from: Double, to: Double) -> Int {
    entries.withLock { entries in
      entries.reduce(0) { sum, entry in
        entry.name == name && entry.instant >= from && entry.instant < to
          ? sum + entry.events : sum
      }
    }
  }
}

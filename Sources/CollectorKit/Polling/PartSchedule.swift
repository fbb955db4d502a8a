import Synchronization

/// When the parts with an interval of their own are due, such as cards.
///
/// A part is asked for with the target's poll that is nearest to its time. One that failed is tried
/// again after the target's interval, then twice that, up to its own interval: an endpoint that is
/// slow or refuses must not take the requests of the others.
public final class PartSchedule: Sendable {
  private struct Entry {
    var due: Double
    var failures = 0
    var error: CollectionError?
  }

  private let pollInterval: Double
  private let entries = Mutex<[String: Entry]>([:])

  /// A schedule in which every part is due.
  ///
  /// - Parameter pollInterval: Seconds between two polls of the target.
  public init(pollInterval: Double) {
    self.pollInterval = pollInterval
  }

  /// Whether the part is to be asked for at this `uptime`.
  public func isDue(_ key: String, at uptime: Double) -> Bool {
    entries.withLock { entries in
      guard let entry = entries[key] else { return true }
      return uptime + pollInterval / 2 >= entry.due
    }
  }

  /// Why the part's last request failed, or nil.
  public func lastError(_ key: String) -> CollectionError? {
    entries.withLock { $0[key]?.error }
  }

  /// The part was asked for and answered.
  func succeeded(_ key: String, interval: Double, at uptime: Double) {
    entries.withLock { entries in
      // From its turn, not from its answer: else every slow poll would put it off.
      let start = entries[key].map { $0.failures == 0 ? $0.due : uptime } ?? uptime
      let isLate = abs(uptime - start) > interval
      entries[key] = Entry(due: (isLate ? uptime : start) + interval)
    }
  }

  /// The part was asked for and failed.
  func failed(_ key: String, interval: Double, _ error: CollectionError, at uptime: Double) {
    entries.withLock { entries in
      let failures = (entries[key]?.failures ?? 0) + 1
      let wait = pollInterval * Double(1 << min(failures - 1, 20))
      entries[key] = Entry(
        due: uptime + min(wait, max(interval, pollInterval)),
        failures: failures,
        error: error
      )
    }
  }
}

extension PollOutcome {
  /// Runs a part where it is due, and else keeps its values.
  ///
  /// - Parameters:
  ///   - key: The part's name, stable from poll to poll.
  ///   - interval: Seconds between two requests for the part.
  ///   - schedule: The collector's.
  ///   - time: The agent's clocks.
  ///   - work: Asks for the part.
  /// - Throws: `CancellationError` where the poll itself was cancelled.
  public mutating func part(
    _ key: String,
    every interval: Double,
    of schedule: PartSchedule,
    _ time: any TimeSource,
    _ work: () async throws -> Values
  ) async throws {
    guard schedule.isDue(key, at: time.uptime) else {
      keep(key, failing: schedule.lastError(key))
      return
    }
    try await part(key) {
      let start = time.uptime
      do {
        var values = try await work().checked()
        values.interval = interval
        schedule.succeeded(key, interval: interval, at: start)
        return values
      } catch let error as CollectionError {
        schedule.failed(key, interval: interval, error, at: start)
        throw error
      }
    }
  }
}

import CollectorKit
import ConfigurationFile
import Logging
import Scheduling
import Synchronization

/// Says how far a backfill has come and how long it is likely to take.
final class BackfillProgress: Sendable {
  private struct Entry {
    let budget: RequestBudget
    let count: Int
    var left: Int
    /// Requests of this run that are done, and when the first began.
    var done = 0
    let started: Double
    var told: Double
  }

  /// Seconds between two lines about a target.
  private static let pause = 30.0

  private let log: Logger
  private let time: any TimeSource
  private let entries = Mutex<[String: Entry]>([:])

  /// A progress of nothing yet.
  init(log: Logger, time: any TimeSource) {
    self.log = log
    self.time = time
  }

  /// Begins a target.
  ///
  /// - Parameters:
  ///   - target: Its name.
  ///   - days: What is asked for.
  ///   - count: All of its requests.
  ///   - left: The requests that no earlier run has made.
  ///   - budget: What they go through.
  func begin(
    _ target: String,
    days: ClosedRange<CivilDate>,
    count: Int,
    left: Int,
    budget: RequestBudget
  ) {
    let now = time.uptime
    let entry = Entry(budget: budget, count: count, left: left, started: now, told: now)
    let needed = entries.withLock { entries in
      entries[target] = entry
      return BackfillProgress.estimate(target, entries, now)
    }
    log.info(
      "history to fetch",
      [
        ("target", target), ("from", "\(days.lowerBound)"), ("to", "\(days.upperBound)"),
        ("requests", String(count)), ("done", String(count - left)),
      ] + (needed.map { [("takes_about", BackfillProgress.text($0))] } ?? [])
    )
  }

  /// Counts a request, and tells now and then.
  func requestEnded(_ target: String) {
    let now = time.uptime
    let line = entries.withLock { entries -> [Logger.Field]? in
      guard var entry = entries[target] else { return nil }
      entry.left -= 1
      entry.done += 1
      let isDue = entry.left == 0 || now - entry.told >= BackfillProgress.pause
      if isDue { entry.told = now }
      entries[target] = entry
      guard isDue else { return nil }
      let done = entry.count - entry.left
      let rest = entry.left == 0 ? nil : BackfillProgress.estimate(target, entries, now)
      return [
        ("target", target), ("done", String(done)), ("requests", String(entry.count)),
        ("percent", String(done * 100 / max(1, entry.count))),
      ] + (rest.map { [("takes_about", BackfillProgress.text($0))] } ?? [])
    }
    if let line { log.info("fetching history", line) }
  }

  /// Seconds for what is left: what the rate limits allow, or the pace so far where that is slower.
  private static func estimate(
    _ target: String,
    _ entries: [String: Entry],
    _ now: Double
  ) -> Double? {
    guard let entry = entries[target] else { return nil }
    // Targets that share a credential share the time.
    let left = entries.values.filter { $0.budget === entry.budget }.reduce(0) { $0 + $1.left }
    let allowed = entry.budget.status.map { window in
      let waiting = Double(left - window.remaining)
      return waiting > 0 ? waiting / Double(window.limit.requests) * window.limit.window : 0
    }.max()
    let pace = entry.done > 0 ? (now - entry.started) / Double(entry.done) : nil
    // A pace that waiting for the limit has set says nothing new.
    let own = entry.budget.limits.isEmpty ? pace.map { $0 * Double(entry.left) } : nil
    return [allowed, own].compactMap { $0 }.max()
  }

  /// `3h40m`, `25m`, `40s`.
  static func text(_ seconds: Double) -> String {
    let unit = seconds >= 3600 ? 600.0 : seconds >= 120 ? 60 : 1
    return ConfigurationDuration.text(.seconds((seconds / unit).rounded(.up) * unit))
  }
}

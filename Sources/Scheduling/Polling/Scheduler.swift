public import CollectorKit
public import HTTPTransport
public import Ledger
public import Logging

/// Runs the poll loops of all targets.
public final class Scheduler: Sendable {
  /// The targets in the configuration's order.
  public let targets: [ScheduledTarget]
  private let statistics: [TargetStatistics]
  private let loops: [PollLoop]
  private let time: any TimeSource

  /// A scheduler for these targets; nothing is polled before `run` or `pollOnce`.
  ///
  /// - Parameters:
  ///   - targets: What to poll.
  ///   - http: Sends the requests.
  ///   - time: The clocks.
  ///   - ledger: Takes the period-to-date totals.
  ///   - store: Takes what the polls bring.
  ///   - log: Each loop's logger names its target.
  ///   - random: 0 to 1, for the jitter of backoffs.
  public init(
    targets: [ScheduledTarget],
    http: any HTTPClient,
    time: any TimeSource,
    ledger: CounterLedger,
    store: SnapshotStore,
    log: Logger,
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.targets = targets
    self.time = time
    var statistics: [TargetStatistics] = []
    var loops: [PollLoop] = []
    for target in targets {
      let name = target.settings.name
      let own = TargetStatistics()
      target.budget.setPlan(
        target.collector.plan,
        interval: target.settings.interval,
        target: name
      )
      store.add(target.settings, configured: target.collector.configuredFamilies)
      statistics.append(own)
      loops.append(
        PollLoop(
          target: target,
          statistics: own,
          ledger: ledger,
          store: store,
          http: http,
          time: time,
          log: log.with([("target", name), ("vendor", target.settings.vendor)]),
          random: random
        )
      )
    }
    self.statistics = statistics
    self.loops = loops
  }

  /// Polls every target at its interval until the surrounding task is cancelled.
  ///
  /// The first polls are spread over each target's interval, so that neither vendors nor the
  /// network see all of them at once.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      for (index, loop) in loops.enumerated() {
        let share = Double(index) / Double(loops.count)
        let delay = min(loop.target.settings.interval, Scheduler.longestSpread) * share
        group.addTask { await loop.run(after: delay) }
      }
    }
  }

  /// Nobody waits longer than this for a target's first values.
  private static let longestSpread = 60.0

  /// Polls every target once, all at the same time.
  ///
  /// - Returns: Whether every poll succeeded in full.
  public func pollOnce() async -> Bool {
    await withTaskGroup(of: Void.self) { group in
      for loop in loops {
        group.addTask { _ = try? await loop.poll() }
      }
    }
    return statistics.allSatisfy { $0.current.lastPollSucceeded }
  }

  /// Whether every target was polled at least once, whatever came of it.
  public var hasPolledAll: Bool {
    statistics.allSatisfy { $0.current.polls > 0 }
  }

  /// Every target's state now, in the configuration's order.
  public var statuses: [TargetStatus] {
    let uptime = time.uptime
    return zip(targets, statistics).map { target, statistics in
      TargetStatus(settings: target.settings, values: statistics.current, uptime: uptime)
    }
  }

  /// The budgets that the targets use, each once.
  public var budgets: [RequestBudget] {
    var seen: [RequestBudget] = []
    for target in targets where !seen.contains(where: { $0 === target.budget }) {
      seen.append(target.budget)
    }
    return seen
  }
}

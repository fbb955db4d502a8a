public import CollectorKit
public import HTTPTransport
public import Ledger
public import Logging
import Synchronization

/// Runs the poll loops of all targets, and changes them while they run.
public final class Scheduler: Sendable {
  /// A target with its loop, and the task of the loop while it runs.
  private struct Entry {
    let target: ScheduledTarget
    let loop: PollLoop
    var task: Task<Void, Never>?
  }

  private struct State {
    var entries: [Entry] = []
    var isRunning = false
  }

  private let http: any HTTPClient
  private let time: any TimeSource
  private let ledger: CounterLedger
  private let store: SnapshotStore
  private let log: Logger
  private let random: @Sendable () -> Double
  private let state = Mutex(State())

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
    self.http = http
    self.time = time
    self.ledger = ledger
    self.store = store
    self.log = log
    self.random = random
    apply(targets)
  }

  /// The targets in the configuration's order.
  public var targets: [ScheduledTarget] {
    state.withLock { $0.entries.map(\.target) }
  }

  /// Takes a new list of targets.
  ///
  /// A target with the fingerprint of a present one goes on undisturbed. One that has changed is
  /// polled anew as soon as its poll in flight has ended, with its counts kept; one that is gone
  /// is no longer polled or served.
  public func apply(_ targets: [ScheduledTarget]) {
    state.withLock { state in
      var known: [String: Entry] = [:]
      for entry in state.entries { known[entry.target.settings.name] = entry }
      var fresh: [(index: Int, predecessor: Task<Void, Never>?)] = []
      var entries: [Entry] = []
      for target in targets {
        let previous = known.removeValue(forKey: target.settings.name)
        if let previous, previous.target.fingerprint == target.fingerprint {
          entries.append(previous)
          continue
        }
        previous?.task?.cancel()
        previous?.target.budget.setPlan(nil, interval: 0, target: target.settings.name)
        entries.append(entry(for: target, after: previous))
        fresh.append((entries.count - 1, previous?.task))
      }
      for gone in known.values {
        gone.task?.cancel()
        gone.target.budget.setPlan(nil, interval: 0, target: gone.target.settings.name)
      }
      store.keep(only: targets.map(\.settings.name))
      if state.isRunning {
        for (place, item) in fresh.enumerated() {
          entries[item.index].task = start(
            entries[item.index].loop,
            share: Double(place) / Double(fresh.count),
            after: item.predecessor
          )
        }
      }
      state.entries = entries
    }
  }

  private func entry(for target: ScheduledTarget, after previous: Entry?) -> Entry {
    let settings = target.settings
    target.budget.setPlan(
      target.collector.plan,
      interval: settings.interval,
      target: settings.name
    )
    store.add(
      settings,
      configured: target.collector.configuredFamilies,
      keyFigures: target.collector.keyFigures,
      histograms: target.collector.histograms
    )
    let isSameVendor = previous?.target.settings.vendor == settings.vendor
    let loop = PollLoop(
      target: target,
      statistics: isSameVendor
        ? previous?.loop.statistics ?? TargetStatistics() : TargetStatistics(),
      ledger: ledger,
      store: store,
      http: http,
      time: time,
      log: log.with([("target", settings.name), ("vendor", settings.vendor)]),
      random: random
    )
    // What the disk held is shown before the first poll: a scrape after a restart misses nothing.
    store.renew(counters: ledger.families(target: settings.name), of: settings.name)
    return Entry(target: target, loop: loop)
  }

  /// Polls every target at its interval until the surrounding task is cancelled.
  ///
  /// The first polls are spread over each target's interval, so that neither vendors nor the
  /// network see all of them at once.
  public func run() async {
    state.withLock { state in
      state.isRunning = true
      for index in state.entries.indices {
        let share = Double(index) / Double(state.entries.count)
        state.entries[index].task = start(state.entries[index].loop, share: share, after: nil)
      }
    }
    await withTaskCancellationHandler {
      // A change may bring new tasks while the old ones are waited for.
      var ended: Set<Task<Void, Never>> = []
      while true {
        if let task = tasks.first(where: { !ended.contains($0) }) {
          await task.value
          ended.insert(task)
        } else if isIdle, !Task.isCancelled {
          // Nothing to poll, but a change may bring something: go on until cancelled.
          let (untilCancelled, end) = AsyncStream.makeStream(of: Void.self)
          for await _ in untilCancelled {}
          end.finish()
        } else if !tasks.contains(where: { !ended.contains($0) }) {
          return
        }
      }
    } onCancel: {
      state.withLock { state in
        state.isRunning = false
        for entry in state.entries { entry.task?.cancel() }
      }
    }
  }

  /// Whether `run` is under way.
  var isRunning: Bool { state.withLock { $0.isRunning } }

  /// Whether there is no target.
  private var isIdle: Bool { state.withLock { $0.entries.isEmpty } }

  private var tasks: [Task<Void, Never>] {
    state.withLock { $0.entries.compactMap(\.task) }
  }

  private func start(
    _ loop: PollLoop,
    share: Double,
    after predecessor: Task<Void, Never>?
  ) -> Task<Void, Never> {
    let delay = min(loop.target.settings.interval, Scheduler.longestSpread) * share
    loop.progress.expect(by: time.uptime + delay + Scheduler.longestSpread)
    return Task {
      // One poll of a target at a time, also across a change.
      await predecessor?.value
      await loop.run(after: delay)
    }
  }

  /// Nobody waits longer than this for a target's first values.
  private static let longestSpread = 60.0

  /// Polls every target once, all at the same time.
  ///
  /// - Returns: Whether every poll succeeded in full.
  public func pollOnce() async -> Bool {
    let loops = state.withLock { $0.entries.map(\.loop) }
    await withTaskGroup(of: Void.self) { group in
      for loop in loops {
        group.addTask { _ = try? await loop.poll() }
      }
    }
    return loops.allSatisfy { $0.statistics.current.lastPollSucceeded }
  }

  /// Whether every target was polled at least once, whatever came of it.
  public var hasPolledAll: Bool {
    state.withLock { $0.entries.map(\.loop) }.allSatisfy { $0.statistics.current.polls > 0 }
  }

  /// The names of the targets whose poll loop has not gone on when it should have.
  ///
  /// Their polls hang, or nothing runs them. Empty before `run`.
  public var stalledTargets: [String] {
    let now = time.uptime
    return state.withLock { state in
      state.entries.filter { entry in
        guard entry.task != nil, let limit = entry.loop.progress.expectedBy else { return false }
        return limit < now
      }
      .map(\.target.settings.name)
    }
  }

  /// Every target's state now, in the configuration's order.
  public var statuses: [TargetStatus] {
    let uptime = time.uptime
    return state.withLock { $0.entries.map(\.loop) }.map { loop in
      TargetStatus(
        settings: loop.target.settings,
        values: loop.statistics.current,
        isStale: store.isStale(loop.target.settings.name, at: uptime)
      )
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

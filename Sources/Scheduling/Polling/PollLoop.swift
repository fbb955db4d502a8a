import CollectorKit
import Exposition
import HTTPTransport
import Ledger
import Logging

/// Polls one target at its interval, one poll at a time, whatever becomes of the others.
struct PollLoop: Sendable {
  let target: ScheduledTarget
  let statistics: TargetStatistics
  let ledger: CounterLedger
  let store: SnapshotStore
  let http: any HTTPClient
  let time: any TimeSource
  let log: Logger
  let random: @Sendable () -> Double
  /// What the loop says of its next step, for the watchdog.
  let progress = PollProgress()
  /// What was left out, and what is doubtful: each kind is logged once.
  private let reported = ReportedKinds()

  /// Polls until the surrounding task is cancelled.
  ///
  /// - Parameter delay: Seconds before the first poll.
  func run(after delay: Double) async {
    let interval = target.settings.interval
    var backoff = Backoff(interval: interval)
    let closing = (target.collector as? any DayClosing).map { DayCloser(loop: self, collector: $0) }
    do {
      statistics.scheduled(nextPoll: time.unixTime + delay, isBackoff: false)
      progress.expect(by: time.uptime + delay + grace)
      try await time.sleep(seconds: delay)
      var due = time.uptime
      while true {
        let failure = try await poll()
        if failure == nil { try await closing?.closeNext() }
        let now = time.uptime
        if let failure {
          due = now + backoff.failed(failure, random: random())
        } else {
          backoff.succeeded()
          // A slow poll misses turns; it does not make up for them.
          let step = interval * target.budget.stretch
          due += step * max(1, ((now - due) / step).rounded(.up))
        }
        statistics.scheduled(
          nextPoll: time.unixTime + (due - now),
          isBackoff: failure != nil
        )
        progress.expect(by: max(due, now) + grace)
        try await time.sleep(seconds: due - now)
      }
    } catch {
      log.debug("poll loop ended", [("cause", "\(error)")])
    }
  }

  /// Polls once.
  ///
  /// - Returns: The failure to back off for: nil where at least a part succeeded and nothing
  ///   speaks against going on.
  /// - Throws: `CancellationError`.
  @discardableResult
  func poll() async throws -> CollectionError? {
    let start = time.uptime
    progress.expect(by: start + grace)
    let context = context(patience: patience)
    let (outcome, failure) = try await attempt(context) {
      try await target.collector.collect(in: context)
    }
    let now = time.uptime
    let unixTime = time.unixTime
    target.budget.setPlan(
      target.collector.plan,
      interval: target.settings.interval,
      target: target.settings.name
    )
    keep(outcome, at: unixTime)
    store.update(
      target.settings.name,
      with: outcome,
      counters: ledger.families(target: target.settings.name),
      at: now
    )
    statistics.pollEnded(
      failure: failure,
      pending: outcome.pending,
      seconds: now - start,
      unixTime: unixTime
    )
    if let failure {
      report(failure, outcome, what: "poll failed")
    } else {
      log.debug("polled", [("seconds", String(now - start))])
    }
    let hasSuccess = outcome.parts.contains { part in
      if case .success = part.outcome { true } else { false }
    }
    guard let failure else { return nil }
    return failure.endsPoll || !hasSuccess ? failure : nil
  }

  /// What a collector brought, and the failure that it kept or threw; neither holds a secret that
  /// was sent.
  ///
  /// - Throws: `CancellationError` alone: any other error is a failed poll.
  func attempt(
    _ context: CollectionContext,
    _ work: () async throws -> PollOutcome
  ) async throws -> (outcome: PollOutcome, failure: CollectionError?) {
    do {
      let outcome = context.client.masked(try await work())
      return (outcome, outcome.failure)
    } catch let error as CollectionError {
      return (PollOutcome(), context.client.masked(error))
    } catch let error as CancellationError {
      throw error
    } catch {
      // Not what a collector should throw, but no reason to poll the target never again.
      let failure = CollectionError(
        .decode,
        endpoint: "the poll",
        "ended with an error that was not expected: \(type(of: error))"
      )
      return (PollOutcome(), failure)
    }
  }

  func context(patience: Double) -> CollectionContext {
    let gate = TargetGate(
      budget: target.budget,
      statistics: statistics,
      patience: patience,
      progressed: { progress.expect(by: time.uptime + grace) }
    )
    let client = VendorClient(http: http, gate: gate, time: time, settings: target.settings)
    return CollectionContext(client: client, time: time, log: log)
  }

  /// The most seconds that a poll waits for a slot of its budget.
  private var patience: Double { max(2 * target.settings.interval, PollLoop.shortestPatience) }

  /// A poll may wait out a window of a minute for its last requests.
  private static let shortestPatience = 120.0

  /// The most seconds that one step of a poll takes: a slot's wait or a request, and a margin for
  /// a machine that is busy.
  private var grace: Double { patience + target.settings.timeout / .seconds(1) + 60 }

  /// Takes the observations into the ledger.
  func keep(_ outcome: PollOutcome, at unixTime: Double) {
    var observations: [Observation] = []
    var rowsSkipped = 0
    var seriesFolded = 0
    for case (let part, .success(let values)) in outcome.parts {
      observations += values.observations
      let count = values.skipped.count + values.rowsSkipped
      report(values.skipped, part: part, count: count)
      rowsSkipped += count
      seriesFolded += values.seriesFolded
      var notes = 0
      for note in values.notes where notes < PollLoop.loggedFailures && reported.isNew(note) {
        log.warn("doubtful answer", [("note", note)])
        notes += 1
      }
    }
    // A day that may still be caught up must be open, and the one before it for late corrections.
    let result = ledger.record(
      observations,
      target: target.settings.name,
      at: unixTime,
      retention: target.settings.catchUp + 2 * 86_400
    )
    statistics.recorded(
      corrections: result.corrections,
      rowsSkipped: rowsSkipped + result.rejected,
      seriesFolded: seriesFolded
    )
    if let first = result.firstRejected {
      report(["\(first) cannot be counted"], part: "counters", count: result.rejected)
    }
  }

  /// Logs what a part left out, each kind once, and a part that is wholly different bit by bit.
  private func report(_ skipped: [String], part: String, count: Int) {
    var lines = 0
    for text in skipped where lines < PollLoop.loggedFailures && reported.isNew("\(part): \(text)")
    {
      log.warn("values left out", [("part", part), ("count", String(count)), ("cause", text)])
      lines += 1
    }
  }

  func report(_ failure: CollectionError, _ outcome: PollOutcome, what: String) {
    let failures = outcome.failures.isEmpty ? [failure] : outcome.failures
    for error in failures.prefix(PollLoop.loggedFailures) {
      log.warn(
        what,
        [
          ("reason", error.reason.rawValue), ("endpoint", error.endpoint),
          ("cause", error.message),
        ]
      )
    }
    if failures.count > PollLoop.loggedFailures {
      log.warn(
        "more requests of the poll failed",
        [("count", String(failures.count - PollLoop.loggedFailures))]
      )
    }
  }

  /// Lines that a failed poll, or a part that leaves out values, may write.
  private static let loggedFailures = 5
}

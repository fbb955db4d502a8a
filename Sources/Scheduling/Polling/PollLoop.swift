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

  /// Polls until the surrounding task is cancelled.
  ///
  /// - Parameter delay: Seconds before the first poll.
  func run(after delay: Double) async {
    let interval = target.settings.interval
    var backoff = Backoff(interval: interval)
    var days = (target.collector as? any DayClosing).map { DayBook(zone: $0.dayZone) }
    do {
      statistics.scheduled(nextPoll: time.unixTime + delay, isBackoff: false)
      try await time.sleep(seconds: delay)
      var due = time.uptime
      while true {
        let failure = try await poll()
        if failure == nil { try await closeDay(in: &days) }
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
    let (outcome, failure) = try await attempt {
      try await target.collector.collect(
        in: context(patience: max(2 * target.settings.interval, PollLoop.shortestPatience))
      )
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
      unixTime: unixTime,
      uptime: now
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
    return failure.reason.endsPoll || !hasSuccess ? failure : nil
  }

  /// Fetches the last totals of one day that is over, behind the poll that has just succeeded.
  ///
  /// What fails is asked for again after the next poll, until the day leaves `catch_up`.
  private func closeDay(in days: inout DayBook?) async throws {
    guard let collector = target.collector as? any DayClosing, var book = days else { return }
    let now = time.unixTime
    book.begin(at: now)
    defer { days = book }
    guard let day = book.due(at: now) else { return }
    guard now - Double(collector.dayZone.startOfDay(day)) <= target.settings.catchUp + 86_400
    else {
      book.close(day)
      return
    }
    let (outcome, failure) = try await attempt {
      try await collector.closingTotals(of: day, in: context(patience: 0))
    }
    keep(outcome, at: time.unixTime)
    store.renew(counters: ledger.families(target: target.settings.name), of: target.settings.name)
    guard let failure else {
      book.close(day)
      log.debug("closed a day", [("day", "\(day)")])
      return
    }
    report(failure, outcome, what: "closing totals failed")
  }

  /// What a collector brought, and the failure that it kept or threw.
  ///
  /// - Throws: `CancellationError` alone: any other error is a failed poll.
  private func attempt(
    _ work: () async throws -> PollOutcome
  ) async throws -> (outcome: PollOutcome, failure: CollectionError?) {
    do {
      let outcome = try await work()
      return (outcome, outcome.failure)
    } catch let error as CollectionError {
      return (PollOutcome(), error)
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

  private func context(patience: Double) -> CollectionContext {
    let gate = TargetGate(budget: target.budget, statistics: statistics, patience: patience)
    let client = VendorClient(http: http, gate: gate, time: time, settings: target.settings)
    return CollectionContext(client: client, time: time, log: log)
  }

  /// A poll may wait out a window of a minute for its last requests.
  private static let shortestPatience = 120.0

  /// Takes the observations into the ledger.
  private func keep(_ outcome: PollOutcome, at unixTime: Double) {
    var observations: [Observation] = []
    var skipped: [String] = []
    var rowsSkipped = 0
    var seriesFolded = 0
    for case (_, .success(let values)) in outcome.parts {
      observations += values.observations
      skipped += values.skipped
      rowsSkipped += values.skipped.count + values.rowsSkipped
      seriesFolded += values.seriesFolded
      for note in values.notes { log.warn("row mapping", [("note", note)]) }
    }
    let result = ledger.record(observations, target: target.settings.name, at: unixTime)
    statistics.recorded(
      corrections: result.corrections,
      rowsSkipped: rowsSkipped + result.rejected,
      seriesFolded: seriesFolded
    )
    if !skipped.isEmpty {
      log.warn(
        "values left out",
        [("count", String(rowsSkipped)), ("first", skipped.first ?? "")]
      )
    }
  }

  private func report(_ failure: CollectionError, _ outcome: PollOutcome, what: String) {
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

  /// Lines a failed poll may write.
  private static let loggedFailures = 5
}

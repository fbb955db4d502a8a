import CollectorKit
import Exposition
import HTTPTransport
import Logging
import Scheduling

/// Fetches one target's history, request after request, into the log.
struct TargetBackfill: Sendable {
  /// How it ended.
  struct Outcome: Sendable {
    /// Requests that have no answer.
    var failed = 0
    /// The first failures, one line each.
    var failures: [String] = []
    /// What could not be read in the answers.
    var skipped = 0
  }

  let target: ExporterConfiguration.Target
  let collector: any HistoryCollector
  let days: ClosedRange<CivilDate>
  let budget: RequestBudget
  let http: any HTTPClient
  let time: any TimeSource
  let log: Logger
  let answers: HistoryLog
  let progress: BackfillProgress

  /// How often a request is tried that may well succeed later: a quarter of a minute long where
  /// nothing has succeeded yet, for the address may be wrong, and through most of an hour's outage
  /// after that.
  private static let attempts = (first: 4, later: 12)
  /// How often a request is tried that the vendor refused for its rate.
  private static let refusals = 40
  /// Seconds before the second try; doubled each time.
  private static let firstPause = 2.0
  private static let longestPause = 900.0
  /// So many refusals in a row, and the rest would be refused as well.
  private static let failuresInARow = 10
  /// Failures that are named.
  private static let named = 5

  /// Fetches what is not there yet.
  ///
  /// - Throws: `CancellationError`; `BackfillError` where an answer cannot be kept.
  func run() async throws -> Outcome {
    let name = target.settings.name
    var outcome = Outcome()
    let plan: HistoryPlan
    switch try await persistently(
      hasSucceeded: false,
      { try await collector.history(of: days, in: $0) }
    ) {
    case .success(let made): plan = made
    case .failure(let error):
      outcome.failed = 1
      note(error, in: &outcome)
      return outcome
    }
    for text in plan.notes { log.warn("not in the history", [("note", text)]) }
    let missing = left(in: plan, from: 0)
    progress.begin(name, days: days, count: plan.count, left: missing, budget: budget)
    var inARow = 0
    var hasSucceeded = false
    for place in 0..<plan.count {
      try Task.checkCancellation()
      let part = plan.part(place)
      guard !answers.has(part.key, of: name) else { continue }
      let asking = try await persistently(hasSucceeded: hasSucceeded) { context in
        context.client.masked(try await part.ask(context))
      }
      switch asking {
      case .success(let values):
        inARow = 0
        hasSucceeded = true
        outcome.skipped += values.skipped.count
        if let first = values.skipped.first {
          log.debug("values left out", [("part", part.key), ("first", first)])
        }
        try answers.append(values, part: part.key, of: name)
      case .failure(let error):
        inARow += 1
        outcome.failed += 1
        note(error, in: &outcome)
        if TargetBackfill.isLasting(error) || inARow == TargetBackfill.failuresInARow {
          outcome.failed += left(in: plan, from: place + 1)
          log.error("gave the target up", [("after_failures", String(inARow))])
          return outcome
        }
      }
      progress.requestEnded(name)
    }
    try keepConfigured(plan)
    return outcome
  }

  private func left(in plan: HistoryPlan, from place: Int) -> Int {
    (place..<plan.count).count { !answers.has(plan.part($0).key, of: target.settings.name) }
  }

  private func note(_ error: CollectionError, in outcome: inout Outcome) {
    let fields: [Logger.Field] = [
      ("reason", error.reason.rawValue), ("endpoint", error.endpoint), ("cause", error.message),
    ]
    log.warn("request failed", fields)
    if outcome.failures.count < TargetBackfill.named {
      outcome.failures.append("\(error.endpoint): \(error.message)")
    }
  }

  /// The thresholds and objectives that go with the figures, at the end of each day: what is
  /// configured now is what the vendor was asked with.
  private func keepConfigured(_ plan: HistoryPlan) throws(BackfillError) {
    let name = target.settings.name
    let families = collector.configuredFamilies.filter { $0.seriesCount > 0 }
    guard plan.count > 0, !families.isEmpty else { return }
    let part = "configuration \(days.lowerBound) to \(days.upperBound)"
    guard !answers.has(part, of: name) else { return }
    let gauges = (days.lowerBound.dayNumber...days.upperBound.dayNumber).map { number in
      HistoryValues.Gauges(
        at: collector.historyZone.lastSecond(of: CivilDate(dayNumber: number)),
        families
      )
    }
    try answers.append(HistoryValues(gauges: gauges), part: part, of: name)
  }

  /// Asks until there is an answer or no use in asking again.
  ///
  /// - Throws: `CancellationError`.
  private func persistently<Value: Sendable>(
    hasSucceeded: Bool,
    _ ask: (CollectionContext) async throws -> Value
  ) async throws -> Result<Value, CollectionError> {
    let client = VendorClient(
      http: http,
      gate: budget.gate(patience: .infinity),
      time: time,
      settings: target.settings
    )
    let context = CollectionContext(client: client, time: time, log: log)
    var tries = 0
    while true {
      try Task.checkCancellation()
      tries += 1
      do {
        return .success(try await ask(context))
      } catch let failure as CollectionError {
        let error = client.masked(failure)
        guard tries < TargetBackfill.limit(for: error, hasSucceeded) else { return .failure(error) }
        let doubled = TargetBackfill.firstPause * Double(1 << min(tries - 1, 20))
        let pause = min(max(doubled, error.retryAfter ?? 0), TargetBackfill.longestPause)
        log.info(
          "asking again",
          [
            ("in", BackfillProgress.text(pause)), ("reason", error.reason.rawValue),
            ("endpoint", error.endpoint), ("cause", error.message),
          ]
        )
        try await time.sleep(seconds: pause)
      } catch let error as CancellationError {
        throw error
      } catch {
        // Not what a collector should throw.
        return .failure(
          CollectionError(
            .decode,
            endpoint: "the history",
            "ended with an error that was not expected: \(type(of: error))"
          )
        )
      }
    }
  }

  private static func limit(for error: CollectionError, _ hasSucceeded: Bool) -> Int {
    switch error.reason {
    case .rateLimited, .budget: refusals
    // A token may have run out while its request waited for the budget.
    case .auth: 2
    case .timeout, .connection: hasSucceeded ? attempts.later : attempts.first
    case .httpStatus where isLasting(error): hasSucceeded ? attempts.later : attempts.first
    case .httpStatus, .tls, .decode, .vendorError, .tooLarge: 1
    }
  }

  /// Whether the next request would fail in the same way, all tries being spent.
  private static func isLasting(_ error: CollectionError) -> Bool {
    switch error.reason {
    case .httpStatus: (error.status ?? 0) >= 500
    // One question may be too much for the vendor, and the next one not.
    case .timeout: false
    default: error.reason.endsPoll
    }
  }
}

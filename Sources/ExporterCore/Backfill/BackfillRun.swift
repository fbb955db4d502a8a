import CollectorKit
import Exposition
import HTTPTransport
import Ledger
import Logging
import Scheduling

#if canImport(Glibc)
private import Glibc
#endif

/// A backfill from the first request to the finished output.
struct BackfillRun: Sendable {
  let options: BackfillOptions
  let configuration: ExporterConfiguration
  let spans: [BackfillSpan]
  let ledger: BackfillLedger
  let http: any HTTPClient
  let time: any TimeSource
  let log: Logger

  /// Fetches, writes, and lets the ledger know.
  ///
  /// - Returns: Failure where something is missing in what was written.
  /// - Throws: `BackfillError`, `UsageError`, `CancellationError`.
  func run() async throws -> ExitStatus {
    let folder = try WorkFolder(path: workPath, description: description)
    let answers = try HistoryLog(path: folder.log)
    if answers.count > 0 {
      log.info("going on with what was fetched before", [("answers", String(answers.count))])
    }
    let outcomes = try await fetch(answers)
    let failed = outcomes.filter { $0.value.failed > 0 }
    guard !answers.catalog.series.isEmpty else {
      folder.remove()
      guard !failed.isEmpty else {
        throw BackfillError("the vendors have nothing about these days: nothing was written")
      }
      throw BackfillError(
        "every request failed: nothing was written; mend the cause and give the same command again"
      )
    }
    let result = try write(answers, folder, complete: { failed[$0] == nil })
    plant(result.seeds)
    report(result)
    guard failed.isEmpty else {
      let count = failed.values.reduce(0) { $0 + $1.failed }
      Terminal.complain(
        "\(count) \(count == 1 ? "request" : "requests") of \(failed.keys.sorted().joined(separator: ", "))"
          + " failed, and what they ask for is missing; \(BackfillRun.advice)"
      )
      return .failure
    }
    folder.remove()
    return .success
  }

  private static let advice =
    "mend the cause and give the same command again: it asks only for these"

  /// What is fetched, without secrets.
  private var description: String {
    let names = spans.map(\.target.settings.name).sorted().joined(separator: ",")
    // Another version may word its families differently, and two wordings are no one family.
    let checksum = BackfillChecksum.of("\(Version.number)\n\(configuration.redactedText)".utf8)
    return "--from=\(options.first) --to=\(options.last) targets=\(names) configuration="
      + String(checksum, radix: 16)
  }

  private var workPath: String {
    if let output = options.output { return output + ".work" }
    let temporary = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    let checksum = String(BackfillChecksum.of(description.utf8), radix: 16)
    return "\(temporary.isEmpty ? "/tmp" : temporary)/cx_exporter-backfill-\(geteuid())-\(checksum)"
  }

  // MARK: Fetching

  private func fetch(_ answers: HistoryLog) async throws -> [String: TargetBackfill.Outcome] {
    let budgets = budgets()
    let progress = BackfillProgress(log: log, time: time)
    return try await withThrowingTaskGroup(
      of: (String, TargetBackfill.Outcome).self
    ) { group in
      for (span, budget) in zip(spans, budgets) {
        let name = span.target.settings.name
        let backfill = TargetBackfill(
          target: span.target,
          collector: span.collector,
          days: span.days,
          budget: budget,
          http: http,
          time: time,
          log: log.with([("target", name), ("vendor", span.target.settings.vendor)]),
          answers: answers,
          progress: progress
        )
        group.addTask { (name, try await backfill.run()) }
      }
      var outcomes: [String: TargetBackfill.Outcome] = [:]
      for try await (name, outcome) in group { outcomes[name] = outcome }
      return outcomes
    }
  }

  /// A budget for each span, shared by those with the same credential.
  ///
  /// Where an agent may be polling meanwhile, what its polls need is left to it: it cannot be seen
  /// what it uses. It does not poll while we hold its ledger, and finds what we have used there.
  private func budgets() -> [RequestBudget] {
    let registry = BudgetRegistry(
      time: time,
      storage: ledger.storage.map {
        BudgetStorage(storage: $0, boot: Agent.bootIdentifier, log: log)
      }
    )
    let limits = configuration.limitsByCredential
    return spans.map { span in
      let credential = span.target.configured.credential
      let own = (limits[credential] ?? []).map { limit in
        ledger.storage == nil ? rest(of: limit, credential) : limit
      }
      return registry.budget(
        credential: CredentialDigest.text(of: credential),
        vendor: span.target.settings.vendor,
        target: span.target.settings.name,
        limits: own
      )
    }
  }

  /// What the configured polls leave of a limit: a tenth at least.
  private func rest(of limit: RateLimit, _ credential: String) -> RateLimit {
    let planned = configuration.targets.filter { $0.configured.credential == credential }
      .reduce(0.0) { sum, target in
        sum
          + target.configured.collector.plan.requests(
            in: limit.window,
            interval: target.settings.interval
          )
      }
    let left = Double(limit.requests) - planned.rounded(.up)
    let least = (Double(limit.requests) / 10).rounded(.up)
    return RateLimit(requests: Int(max(left, least, 1)), window: limit.window)
  }

  // MARK: Writing

  private func write(
    _ answers: HistoryLog,
    _ folder: WorkFolder,
    complete: (String) -> Bool
  ) throws -> HistoryOutput.Result {
    let known = Set(answers.catalog.series.flatMap { $0.labels.labels.map(\.name) })
    if let label = options.labels.labels.first(where: { known.contains($0.name) }) {
      throw UsageError(
        message: "--label=\(label.name): the vendor's series have that label already"
      )
    }
    var targets: [String: HistoryOutput.Target] = [:]
    for span in spans {
      let settings = span.target.settings
      targets[settings.name] = HistoryOutput.Target(
        labels: settings.labels.adding(options.labels),
        end: span.end,
        isPlanted: ledger.storage != nil && complete(settings.name)
      )
    }
    let output = HistoryOutput(
      targets: targets,
      order: spans.map(\.target.settings.name),
      ledger: ledger.reading,
      latest: Int64(time.unixTime - BackfillOptions.distance)
    )
    let sorter = HistorySorter(path: folder.runs)
    guard let path = options.output else {
      return try output.write(answers, sorter, to: .standardOutput())
    }
    let file = try BackfillFile(path: folder.output, isEmptied: true, isPrivate: false)
    let result = try output.write(answers, sorter, to: file)
    try file.sync()
    try folder.publish(to: path)
    return result
  }

  /// Has the ledger go on where the history ends.
  private func plant(_ seeds: [String: LedgerSeed]) {
    guard let storage = ledger.storage else { return }
    let counters = CounterLedger(storage: storage)
    for (target, seed) in seeds.sorted(by: { $0.key < $1.key }) {
      seed.plant(
        in: counters,
        target: target,
        isNew: ledger.reading?.knows(target: target) == false
      )
      log.info(
        "the live counters will go on from the history",
        [("target", target), ("counters", String(seed.count))]
      )
    }
    if !storage.isDurable { storage.compact() }
    if !storage.isDurable {
      log.error("the ledger could not be written: the live counters will start at 0")
    }
  }

  private func report(_ result: HistoryOutput.Result) {
    for problem in result.problems { log.warn("left out", [("problem", problem)]) }
    if result.knownSeries > 0 {
      log.warn(
        "counters left out, for the ledger has counted them since before these days",
        [("series", String(result.knownSeries))]
      )
    }
    log.info(
      "history written",
      [
        ("output", options.output ?? "standard output"), ("series", String(result.series)),
        ("samples", String(result.samples)),
      ]
    )
  }
}

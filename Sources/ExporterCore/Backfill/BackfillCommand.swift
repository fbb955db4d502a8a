import CollectorKit
import ConfigurationFile
import Exposition
import HTTPTransport
import Ledger
import Logging
import Scheduling

#if canImport(Glibc)
private import Glibc
#endif

/// `backfill`: writes the vendors' history as OpenMetrics.
struct BackfillCommand: Sendable {
  let context: CommandContext
  let options: BackfillOptions

  init(_ context: CommandContext) throws(UsageError) {
    self.context = context
    options = try BackfillOptions(context.arguments)
  }

  func run() async throws(UsageError) -> ExitStatus {
    guard let signals = context.signals() else { return .failure }
    defer { withExtendedLifetime(signals) {} }
    guard let configuration = context.configuration() else { return .usage }
    let log = context.log
    for warning in configuration.warnings {
      log.warn("configuration", [("issue", warning.description)])
    }
    let time = SystemTime()
    let spans = try spans(of: configuration, now: time.unixTime, log)
    guard let client = context.client(log) else { return .failure }
    let work = Task { () async -> Result<ExitStatus, any Error> in
      do {
        let ledger = try BackfillLedger(context.arguments.value("storage.path"), log)
        let run = BackfillRun(
          options: options,
          configuration: configuration,
          spans: spans,
          ledger: ledger,
          http: client,
          time: time,
          log: log
        )
        return .success(try await run.run())
      } catch {
        return .failure(error)
      }
    }
    let requests = signals.requests
    let watch = Task {
      for await request in requests {
        guard case .terminate = request else { continue }
        log.info("stopping")
        work.cancel()
        return
      }
    }
    let result = await work.value
    watch.cancel()
    client.shutdown()
    switch result {
    case .success(let status): return status
    case .failure(let error as UsageError): throw error
    case .failure(let error as BackfillError): Terminal.complain(error.message)
    case .failure(let error as StorageError): Terminal.complain(error.description)
    case .failure(is CancellationError):
      Terminal.complain("interrupted; the same command goes on where it stopped")
    case .failure(let error): Terminal.complain("\(error)")
    }
    return .failure
  }

  /// The targets that are asked for, each with its days.
  private func spans(
    of configuration: ExporterConfiguration,
    now: Double,
    _ log: Logger
  ) throws(UsageError) -> [BackfillSpan] {
    let names = configuration.targets.map(\.settings.name)
    for name in options.targets where !names.contains(name) {
      let near = Suggestion.nearest(to: name, among: names).map { "did you mean \($0)?" }
      throw UsageError(
        message: "--target=\(name) is no target of the configuration; "
          + (near ?? "its targets are \(names.joined(separator: ", "))")
      )
    }
    var spans: [BackfillSpan] = []
    for target in configuration.targets
    where options.targets.isEmpty || options.targets.contains(target.settings.name) {
      let name = target.settings.name
      if let label = options.labels.labels.first(where: { target.settings.labels[$0.name] != nil })
      {
        throw UsageError(message: "--label=\(label.name): target \(name) has that label already")
      }
      guard let collector = target.configured.collector as? any HistoryCollector else {
        log.warn("the vendor has no history", [("target", name)])
        continue
      }
      guard let days = options.days(in: collector.historyZone, now: now) else { continue }
      if days.upperBound < options.last {
        log.warn(
          "the history ends before --to: a day must have ended three hours ago",
          [("target", name), ("to", "\(days.upperBound)")]
        )
      }
      spans.append(BackfillSpan(target: target, collector: collector, days: days))
    }
    guard !spans.isEmpty else {
      throw UsageError(
        message: "there is nothing to write: none of the days from \(options.first) to "
          + "\(options.last) ended three hours ago or more"
      )
    }
    return spans
  }
}

/// A target and the days that are asked of it.
struct BackfillSpan: Sendable {
  let target: ExporterConfiguration.Target
  let collector: any HistoryCollector
  let days: ClosedRange<CivilDate>

  /// When the last day ended, in Unix seconds.
  var end: Int64 { collector.historyZone.lastSecond(of: days.upperBound) + 1 }
}

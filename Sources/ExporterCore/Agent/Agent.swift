import CollectorKit
import ConfigurationFile
import Exposition
import FoundationEssentials
import HTTPTransport
import Ledger
import Logging
import Scheduling
import Synchronization

/// The parts of a running agent, put together from a configuration.
final class Agent: Sendable {
  /// What the agent runs on, and how the last attempt to change it went.
  private struct State {
    var configuration: ExporterConfiguration
    var loaded: Double
    var isLastReloadGood = true
    /// Hears of reloads.
    var manager: ServiceManager?
  }

  let scheduler: Scheduler
  let store: SnapshotStore
  let time: any TimeSource
  let log: Logger
  /// Unix seconds at which the agent started.
  let started: Double
  /// The counters' folder; nil where they are kept in memory.
  let storage: LedgerStorage?
  private let ledger: CounterLedger
  private let budgets: BudgetRegistry
  private let state: Mutex<State>

  /// An agent that polls nothing before its scheduler runs.
  init(
    configuration: ExporterConfiguration,
    http: any HTTPClient,
    time: any TimeSource,
    log: Logger,
    storage: LedgerStorage? = nil
  ) {
    self.storage = storage
    self.time = time
    self.log = log
    started = time.unixTime
    state = Mutex(State(configuration: configuration, loaded: time.unixTime))
    store = SnapshotStore()
    budgets = BudgetRegistry(
      time: time,
      storage: storage.map { BudgetStorage(storage: $0, boot: Agent.bootIdentifier, log: log) }
    )
    ledger = CounterLedger(storage: storage)
    scheduler = Scheduler(
      targets: Agent.targets(of: configuration, budgets),
      http: http,
      time: time,
      ledger: ledger,
      store: store,
      log: log
    )
  }

  private static func targets(
    of configuration: ExporterConfiguration,
    _ budgets: BudgetRegistry
  ) -> [ScheduledTarget] {
    let limits = configuration.limitsByCredential
    return configuration.targets.map { target in
      let credential = target.configured.credential
      return ScheduledTarget(
        settings: target.settings,
        collector: target.configured.collector,
        budget: budgets.budget(
          credential: CredentialDigest.text(of: credential),
          vendor: target.settings.vendor,
          target: target.settings.name,
          limits: limits[credential] ?? []
        ),
        fingerprint: target.fingerprint
      )
    }
  }

  /// The configuration in force.
  var configuration: ExporterConfiguration {
    state.withLock { $0.configuration }
  }

  /// Whether the last attempt to load a configuration succeeded, and when one last did.
  var reloadStatus: (isGood: Bool, loaded: Double) {
    state.withLock { ($0.isLastReloadGood, $0.loaded) }
  }

  /// Reads the configuration again and takes it where it is right; unchanged targets go on.
  ///
  /// - Throws: `ConfigurationError` with every error; the old configuration stays in force.
  func reload(from source: ConfigurationSource) throws(ConfigurationError) {
    let manager = state.withLock { $0.manager }
    manager?.reloading()
    defer { manager?.ready(status: ServiceReport.status(of: self)) }
    let configuration: ExporterConfiguration
    do {
      configuration = try source.load()
    } catch {
      state.withLock { $0.isLastReloadGood = false }
      for issue in error.issues {
        switch issue.severity {
        case .error: log.error("configuration not taken", [("issue", issue.description)])
        case .warning: log.warn("configuration", [("issue", issue.description)])
        }
      }
      throw error
    }
    let loaded = time.unixTime
    state.withLock { state in
      // Within the lock, so that of two reloads the later one is in force.
      scheduler.apply(Agent.targets(of: configuration, budgets))
      state = State(
        configuration: configuration,
        loaded: loaded,
        manager: state.manager
      )
    }
    tidy()
    log.info("configuration loaded", [("targets", String(configuration.targets.count))])
    warn()
  }

  /// Drops the counters of targets that left the configuration longer than `catch_up` ago, and the
  /// budgets of credentials that nobody uses.
  func tidy() {
    let configuration = configuration
    ledger.retain(
      targets: Set(configuration.targets.map(\.settings.name)),
      removedAfter: configuration.defaultCatchUp,
      now: time.unixTime
    )
    budgets.removeUnused()
  }

  /// Which run of the machine this is; nil where the system does not tell, as in a sandbox.
  static var bootIdentifier: String? {
    FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id").map { data in
      String(String(decoding: data, as: UTF8.self).prefix { $0 != "\n" })
    }
  }

  /// Has the service manager told of every reload from now on.
  func reports(reloadsTo manager: ServiceManager?) {
    state.withLock { $0.manager = manager }
  }

  /// Says what an operator should know before the first poll.
  func logStart() {
    if storage == nil {
      log.warn(
        "counters are kept in memory only: a restart starts them at 0; --storage.path keeps them"
      )
    }
    warn()
  }

  /// Says what is doubtful about the configuration in force.
  private func warn() {
    for warning in configuration.warnings {
      log.warn("configuration", [("issue", warning.description)])
    }
    for plan in BudgetPlan.all(of: scheduler.budgets) where plan.isOver {
      log.warn(
        "polling less often than configured to stay within the rate limit",
        [("budget", plan.budget), ("plan", plan.text)]
      )
    }
  }

  /// The names of all targets.
  var targetNames: Set<String> {
    Set(configuration.targets.map(\.settings.name))
  }
}

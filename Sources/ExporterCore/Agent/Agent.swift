import CollectorKit
import ConfigurationFile
import Exposition
import HTTPTransport
import Ledger
import Logging
import Scheduling

/// The parts of a running agent, put together from a configuration.
final class Agent: Sendable {
  let configuration: ExporterConfiguration
  let scheduler: Scheduler
  let store: SnapshotStore
  let time: any TimeSource
  let log: Logger
  /// Unix seconds at which the agent started.
  let started: Double

  /// An agent that polls nothing before its scheduler runs.
  init(
    configuration: ExporterConfiguration,
    http: any HTTPClient,
    time: any TimeSource,
    log: Logger
  ) {
    self.configuration = configuration
    self.time = time
    self.log = log
    started = time.unixTime
    store = SnapshotStore()
    let budgets = BudgetRegistry(time: time)
    let limits = configuration.limitsByCredential
    let targets = configuration.targets.map { target in
      let credential = target.configured.credential
      return ScheduledTarget(
        settings: target.settings,
        collector: target.configured.collector,
        budget: budgets.budget(
          credential: credential,
          vendor: target.settings.vendor,
          target: target.settings.name,
          limits: limits[credential] ?? []
        )
      )
    }
    scheduler = Scheduler(
      targets: targets,
      http: http,
      time: time,
      ledger: CounterLedger(),
      store: store,
      log: log
    )
  }

  /// Says what an operator should know before the first poll.
  func logStart() {
    for warning in configuration.warnings {
      log.warn("configuration", [("issue", warning.description)])
    }
    log.warn("counters are kept in memory only: a restart starts them at 0")
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

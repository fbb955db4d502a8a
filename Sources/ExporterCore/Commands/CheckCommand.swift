import CollectorKit
import ConfigurationFile
import Scheduling

/// `check`: tells whether the configuration is right and its polls fit the rate limits.
struct CheckCommand: Sendable {
  let context: CommandContext

  init(_ context: CommandContext) {
    self.context = context
  }

  func run() -> ExitStatus {
    guard let configuration = context.configuration() else { return .failure }
    let file = context.arguments.value("config.file")
    for warning in configuration.warnings { Terminal.complain(warning.description) }
    let count = configuration.targets.count
    let all = configuration.allTargets.count
    let share = context.shard == .all ? "" : " of \(all) in shard \(context.shard.text)"
    Terminal.print("\(file): \(count) \(count == 1 ? "target" : "targets")\(share)")
    for target in configuration.targets { Terminal.print(CheckCommand.line(target)) }

    let plans = CheckCommand.plans(configuration)
    for plan in plans {
      let verdict = plan.isOver ? "OVER BUDGET" : "ok"
      Terminal.print("budget \(plan.budget) (\(plan.vendor)): \(plan.text): \(verdict)")
    }
    guard let worst = plans.first(where: \.isOver) else { return .success }
    Terminal.complain(
      "the polls of budget \(worst.budget) need \(worst.text); lengthen the interval or ask for "
        + "less (views, periods, departments, charts, channels)"
    )
    return .failure
  }

  /// The line about a target: its requests and how often.
  static func line(_ target: ExporterConfiguration.Target) -> String {
    let plan = target.configured.collector.plan
    let parts = plan.entries.map { entry in
      let every = entry.every.map { " every " + BudgetPlan.text($0) } ?? ""
      return "\(entry.requests) \(entry.what)\(every)"
    }
    let least = plan.isEstimate ? "at least " : ""
    let interval = BudgetPlan.text(target.settings.interval)
    return "target \(target.settings.name) (\(target.settings.vendor)): every \(interval) "
      + "\(least)\(plan.requestsPerPoll) requests (\(parts.joined(separator: ", ")))"
  }

  /// The plan against every limit of every credential, without an agent.
  static func plans(_ configuration: ExporterConfiguration) -> [BudgetPlan] {
    let budgets = BudgetRegistry(time: SystemTime())
    let limits = configuration.limitsByCredential
    var used: [RequestBudget] = []
    for target in configuration.targets {
      let credential = target.configured.credential
      let budget = budgets.budget(
        credential: credential,
        vendor: target.settings.vendor,
        target: target.settings.name,
        limits: limits[credential] ?? []
      )
      budget.setPlan(
        target.configured.collector.plan,
        interval: target.settings.interval,
        target: target.settings.name
      )
      if !used.contains(where: { $0 === budget }) { used.append(budget) }
    }
    return BudgetPlan.all(of: used)
  }
}

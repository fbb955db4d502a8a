import CollectorKit
import ConfigurationFile
import HTTPListener
import Scheduling

/// `check`: tells whether the configuration is right and its polls fit the rate limits, and whether
/// the listener could start with the file of `--web.config.file`.
struct CheckCommand: Sendable {
  let context: CommandContext

  init(_ context: CommandContext) {
    self.context = context
  }

  func run() -> ExitStatus {
    // Both files are read before either fails the check: all errors at once.
    let listener = checkListener()
    let web = checkWeb()
    guard let configuration = context.configuration(), web, listener else { return .usage }
    let file = context.arguments.value("config.file")
    for warning in configuration.warnings { Terminal.complain(warning) }
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
    for plan in plans where plan.isOver {
      Terminal.complain(
        "the polls of budget \(plan.budget) need \(plan.text); lengthen the interval or ask for "
          + "less (views, periods, departments, charts, channels)"
      )
    }
    return plans.contains(where: \.isOver) ? .failure : .success
  }

  /// Whether the listener's flags are right; what is wrong was told.
  private func checkListener() -> Bool {
    do {
      _ = try ListenerOptions(context.arguments)
      return true
    } catch {
      Terminal.complain(error.message)
      return false
    }
  }

  /// Reads the file of `--web.config.file` and the certificates and keys that it names.
  ///
  /// - Returns: Whether they can be used; what cannot was told.
  private func checkWeb() -> Bool {
    guard context.arguments.isGiven("web.config.file") else { return true }
    let file = context.arguments.value("web.config.file")
    do {
      let web = try WebConfiguration.load(path: file)
      _ = try web.makeContext()
      for warning in web.warnings { Terminal.complain(warning) }
      Terminal.print(CheckCommand.line(web, file: file))
      return true
    } catch {
      for issue in error.issues { Terminal.complain(issue) }
      return false
    }
  }

  /// The line about the listener: what protects it.
  static func line(_ web: WebConfiguration, file: String) -> String {
    let versions = web.tls.map { "\($0.minVersion.rawValue) to \($0.maxVersion.rawValue)" }
    let count = web.users.count
    return "\(file): \(versions ?? "no TLS"), "
      + (count == 0 ? "no users" : count == 1 ? "1 user" : "\(count) users")
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

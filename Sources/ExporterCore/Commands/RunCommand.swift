import CollectorKit

/// The default command: polls the targets and serves `/metrics` until a signal.
struct RunCommand: Sendable {
  let context: CommandContext

  init(_ context: CommandContext) {
    self.context = context
  }

  func run() async -> ExitStatus {
    let signals = Signals()
    guard let configuration = context.configuration() else { return .usage }
    let log = context.log
    guard let client = context.client(log) else { return .failure }
    let agent = Agent(configuration: configuration, http: client, time: SystemTime(), log: log)
    let service = AgentService(agent: agent, client: client, arguments: context.arguments)
    return await service.run(until: signals) { _ in }
  }
}

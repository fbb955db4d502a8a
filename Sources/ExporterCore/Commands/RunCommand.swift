import CollectorKit
import HTTPTransport
import Ledger
import Logging

/// The default command: polls the targets and serves `/metrics` until a signal.
struct RunCommand: Sendable {
  let context: CommandContext
  let options: ListenerOptions

  init(_ context: CommandContext) throws(UsageError) {
    self.context = context
    options = try ListenerOptions(context.arguments)
  }

  func run() async -> ExitStatus {
    guard let signals = context.signals() else { return .failure }
    guard let configuration = context.configuration() else { return .usage }
    let log = context.log
    guard let client = context.client(log) else { return .failure }
    let storage: LedgerStorage?
    do {
      storage = try context.storage(log)
    } catch {
      log.error("cannot start", [("cause", error.description)])
      client.shutdown()
      return .failure
    }
    let agent = Agent(
      configuration: configuration,
      http: client,
      time: SystemTime(),
      log: log,
      storage: storage
    )
    let service = AgentService(
      agent: agent,
      client: client,
      options: options,
      source: context.source,
      systemd: SystemdEnvironment(context.environment)
    )
    return await service.run(until: signals) { _ in }
  }
}

import CollectorKit
import ConfigurationFile
import HTTPTransport
import Logging
import Scheduling

/// `once`: polls every target once and writes the exposition.
struct OnceCommand: Sendable {
  let context: CommandContext

  init(_ context: CommandContext) {
    self.context = context
  }

  func run() async -> ExitStatus {
    guard let configuration = context.configuration() else { return .usage }
    let log = context.log
    guard let client = context.client(log) else { return .failure }
    defer { client.shutdown() }
    let agent = Agent(configuration: configuration, http: client, time: SystemTime(), log: log)
    for warning in configuration.warnings {
      log.warn("configuration", [("issue", warning.description)])
    }
    let isComplete = await agent.scheduler.pollOnce()
    let families = AgentFamilies(
      agent: agent,
      http: HTTPStatistics(handlers: []),
      connections: nil,
      process: nil
    )
    let endpoint = MetricsEndpoint(agent: agent, families: families, writesCreated: false)
    guard Terminal.write(endpoint.text()) else {
      Terminal.complain("cannot write to standard output")
      return .failure
    }
    return isComplete ? .success : .failure
  }
}

import CollectorKit
import HTTPListener
import Logging
import VendorSimulator

/// `demo`: the agent against a built-in simulator of the four vendors.
struct DemoCommand: Sendable {
  let context: CommandContext
  let options: ListenerOptions

  init(_ context: CommandContext) throws(UsageError) {
    self.context = context
    options = try ListenerOptions(context.arguments)
  }

  func run() async -> ExitStatus {
    guard let signals = context.signals() else { return .failure }
    let systemd = SystemdEnvironment(context.environment)
    let log = context.log
    let settings = DemoConfiguration.simulator
    let simulator: SimulatorServer
    let configuration: ExporterConfiguration
    do {
      simulator = try SimulatorServer(
        configuration: settings,
        logger: log.with([("component", "simulator")])
      )
      simulator.start()
      configuration = try ExporterConfiguration(
        DemoConfiguration.document(baseURL: simulator.baseURL, simulator: settings)
      )
      .limited(to: context.shard)
    } catch {
      log.error("cannot start the demo", [("cause", "\(error)")])
      return .failure
    }
    guard let client = context.client(log) else { return .failure }
    let agent = Agent(configuration: configuration, http: client, time: SystemTime(), log: log)
    let service = AgentService(
      agent: agent,
      client: client,
      options: options,
      source: nil,
      systemd: systemd
    )
    let status = await service.run(until: signals) { address in
      let url = address.map { $0 + options.telemetryPath }
      let place = url ?? "\(options.telemetryPath) on the socket"
      Terminal.print(
        "Four simulated vendors are polled every \(DemoConfiguration.interval) s: see \(place)"
      )
      guard let url else { return }
      // What curl would refuse about a certificate of one's own making is no matter for a demo.
      let curl = url.hasPrefix("https:") ? "curl -sk" : "curl -s"
      Terminal.print(
        "SLA compliance now: \(curl) \(url) | grep "
          + "experia_sla_compliance_ratio   (Ctrl-C ends the demo)"
      )
    }
    await simulator.shutdown()
    return status
  }
}

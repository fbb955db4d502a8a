import HTTPListener
import HTTPTransport
import TestSupport

@testable import ExporterCore

/// An agent behind a real listener on a free port.
struct ServedAgent {
  let bench: AgentBench
  let stopping = StopFlag()
  let client: LoopbackClient
  private let listener: HTTPServer

  /// Serves that configuration.
  init(
    _ text: String,
    telemetryPath: String = "/metrics",
    maxRequests: Int = 40,
    answer: @escaping ScriptedHTTPClient.Script = AgentBench.answer
  ) throws {
    let bench = try AgentBench(text, maxRequests: maxRequests, answer: answer)
    let endpoints = Endpoints(
      metrics: bench.endpoint,
      agent: bench.agent,
      telemetryPath: telemetryPath,
      isStopping: stopping,
      reload: nil
    )
    let statistics = bench.statistics
    listener = try HTTPServer(
      addresses: [ListenAddress(host: "127.0.0.1", port: 0)],
      handler: HTTPRouter(routes: endpoints.routes, completed: { statistics.count($0, $1) }),
      logger: bench.log.logger,
      observer: statistics
    )
    bench.connections.follow(listener)
    self.bench = bench
    client = LoopbackClient(port: listener.boundAddresses[0].port)
    listener.start()
  }

  /// A scrape in the text format.
  func scrape(_ query: String = "") throws -> Exposed {
    Exposed(try client.send("GET", "/metrics" + query).body)
  }
}

import CollectorKit
import HTTPTransport
import Scheduling
import TestSupport

@testable import ExporterCore

/// An agent at scripted vendors and under a clock that the test moves.
struct AgentBench {
  /// 2026-01-10T12:00:00Z: noon, so that a daily total has its day.
  static let start = 1_768_046_400.0

  let http: ScriptedHTTPClient
  let time: SimulatedTime
  let log = LogRecorder()
  let agent: Agent
  let statistics: HTTPStatistics
  let connections = ConnectionGauge()
  let endpoint: MetricsEndpoint

  /// An agent for that configuration.
  init(
    _ text: String,
    showsOwn: Bool = true,
    writesCreated: Bool = false,
    maxRequests: Int = 40,
    answer: @escaping ScriptedHTTPClient.Script = AgentBench.answer
  ) throws {
    http = ScriptedHTTPClient(answer)
    time = SimulatedTime(unixTime: AgentBench.start, participants: 0)
    agent = Agent(
      configuration: try ConfigurationText.decode(text),
      http: http,
      time: time,
      log: log.logger
    )
    statistics = HTTPStatistics(handlers: Endpoints.handlerNames(telemetryPath: "/metrics"))
    endpoint = MetricsEndpoint(
      agent: agent,
      families: AgentFamilies(
        agent: agent,
        http: statistics,
        connections: showsOwn ? connections : nil,
        process: showsOwn ? ProcessFamilies(started: agent.started) : nil
      ),
      writesCreated: writesCreated,
      maxRequests: maxRequests
    )
  }

  /// What had to be left out of `/metrics`.
  var problems: [String] {
    log.lines.filter { $0.contains("left out of /metrics") }
  }

  /// The exposition now, in the text format.
  var exposed: Exposed { Exposed(endpoint.text()) }

  /// Experia's summary with a count that rises by one a request.
  static func answer(
    _ request: HTTPClientRequest,
    _ index: Int
  ) throws(TransportError) -> HTTPClientResponse {
    HTTPClientResponse(
      status: 200,
      fields: [HTTPField("Content-Type", "application/json")],
      body: Array(
        #"{"status":"SUCCESS","totalSessions":\#(480 + index),"CSAT":62.5,"peakTime":"14:00"}"#.utf8
      )
    )
  }
}

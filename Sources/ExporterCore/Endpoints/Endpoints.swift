import ConfigurationFile
import HTTPListener
import Scheduling

/// The agent's paths.
struct Endpoints: Sendable {
  let metrics: MetricsEndpoint
  let agent: Agent
  let telemetryPath: String
  /// Set once the agent drains.
  let isStopping: StopFlag
  /// What `POST /-/reload` reads; nil where it is not allowed.
  let reload: ConfigurationSource?

  /// The paths that are not the operator's to choose.
  static let fixedPaths = [
    "/", "/probe", "/sd", "/config", "/-/healthy", "/-/ready", "/-/reload",
  ]

  /// The names of the handlers, for `cx_exporter_http_requests_total`.
  static func handlerNames(telemetryPath: String) -> [String] {
    [telemetryPath] + fixedPaths
  }

  /// The routes for the listener.
  var routes: [Route] {
    [
      Route("GET", telemetryPath) { .response(metrics.answer($0)) },
      Route("GET", "/probe") { .response(metrics.probe($0)) },
      Route("GET", "/sd") { .response(ServiceDiscovery(agent: agent).answer($0)) },
      Route("GET", "/config") { _ in .response(configurationPage) },
      Route("GET", "/-/healthy") { _ in .response(.text(200, "cx_exporter is healthy.")) },
      Route("GET", "/-/ready") { _ in .response(readiness) },
      Route("POST", "/-/reload") { _ in reloading },
      Route("GET", "/") {
        .response(StatusPage(agent: agent, telemetryPath: telemetryPath).answer($0))
      },
    ]
  }

  private var readiness: HTTPResponse {
    if isStopping.isSet { return .text(503, "cx_exporter is stopping.") }
    guard agent.scheduler.hasPolledAll else {
      return .text(503, "cx_exporter is waiting for the first poll of every target.")
    }
    return .text(200, "cx_exporter is ready.")
  }

  /// Reads files, so it is done off the listener's loop.
  private var reloading: HTTPAnswer {
    guard let reload else {
      return .response(.text(403, "403: start cx_exporter with --web.enable-lifecycle"))
    }
    return .deferred { completion in
      Task {
        do throws(ConfigurationError) {
          try agent.reload(from: reload)
          completion.send(.text(200, "The configuration is in force."))
        } catch {
          let lines = error.issues.map(\.line).joined(separator: "\n")
          completion.send(.text(400, lines))
        }
      }
    }
  }

  private var configurationPage: HTTPResponse {
    HTTPResponse(
      status: 200,
      fields: [
        ("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff"),
      ],
      body: [Array(agent.configuration.redactedText.utf8)]
    )
  }
}

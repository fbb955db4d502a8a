import CollectorKit
import ConfigurationFile
import HTTPListener
import HTTPTransport
import Ledger
import Logging
import Scheduling

/// Runs an agent: its listener and its poll loops, until a signal ends it.
struct AgentService: Sendable {
  let agent: Agent
  let client: CurlHTTPClient
  let options: ListenerOptions
  /// Where to read the configuration again; nil in the demo, which has no file.
  let source: ConfigurationSource?
  /// What the service manager has passed.
  let systemd: SystemdEnvironment

  /// How long requests in flight may take to finish after SIGTERM.
  private static let drainTime = Duration.seconds(3)

  /// Serves and polls until a signal asks to end.
  ///
  /// - Parameters:
  ///   - signals: Taken over before any thread was started.
  ///   - ready: Called once the listener answers, with its first TCP address,
  ///     `http://localhost:10067`.
  /// - Returns: Success after a signal, failure where the listener cannot start, usage where its file is wrong.
  func run(until signals: Signals, ready: (String?) -> Void) async -> ExitStatus {
    defer { client.shutdown() }
    let stopping = StopFlag()
    let listener: HTTPServer
    let security: WebSecurity?
    do {
      security = try options.webConfigurationFile.map { file throws(ConfigurationError) in
        try WebSecurity(path: file, log: agent.log)
      }
    } catch {
      for issue in error.issues { Terminal.complain(issue) }
      return .usage
    }
    do {
      listener = try makeListener(stopping, security)
    } catch {
      agent.log.error("cannot start", [("cause", error.message)])
      return .failure
    }
    agent.logStart()
    listener.start()
    for address in listener.boundAddresses {
      agent.log.info(
        "listening",
        [("address", "\(address)"), ("version", Version.number)]
      )
    }
    let scheme = security?.connectionContext() == nil ? "http" : "https"
    ready(
      listener.boundAddresses.first { $0.path == nil }
        .map { "\(scheme)://\(AgentService.reachable($0))" }
    )

    let polling = Task { await agent.scheduler.run() }
    let tidying = Task { await tidyEveryHour() }
    let settling = Task { await ProgramPages.releaseOnceSettled(agent) }
    let manager = ServiceManager(systemd, log: agent.log)
    manager?.ready(status: ServiceReport.status(of: agent))
    agent.reports(reloadsTo: manager)
    let report = manager.map { manager in
      ServiceReport(
        manager: manager,
        agent: agent,
        isListening: { listener.isTurning() },
        watchdogTime: systemd.watchdogTime
      )
    }
    let reporting = Task { await report?.run() }
    for await request in signals.requests {
      guard case .reload = request else { break }
      guard let source else {
        agent.log.warn("SIGHUP ignored: the demo has no configuration file")
        continue
      }
      // What is wrong with it was logged; the old configuration stays in force.
      try? agent.reload(from: source)
    }
    agent.log.info("stopping")
    manager?.stopping()
    reporting.cancel()
    stopping.set()
    polling.cancel()
    tidying.cancel()
    settling.cancel()
    await listener.shutdown(deadline: AgentService.drainTime)
    await polling.value
    await tidying.value
    await settling.value
    await reporting.value
    // What a full disk had refused may fit now; else it was said and is lost.
    if let storage = agent.storage, !storage.isDurable { storage.compact() }
    agent.log.info("stopped")
    return .success
  }

  /// What left the configuration is dropped when its time has come, also where nobody reloads.
  private func tidyEveryHour() async {
    repeat {
      agent.tidy()
    } while (try? await agent.time.sleep(seconds: 3600)) != nil
  }

  private func makeListener(
    _ stopping: StopFlag,
    _ security: WebSecurity?
  ) throws(ListenerError) -> HTTPServer {
    let statistics = HTTPStatistics(
      handlers: Endpoints.handlerNames(telemetryPath: options.telemetryPath)
    )
    let connections = ConnectionGauge()
    let families = AgentFamilies(
      agent: agent,
      http: statistics,
      connections: options.showsOwnMetrics ? connections : nil,
      process: options.showsOwnMetrics ? ProcessFamilies(started: agent.started) : nil
    )
    let metrics = MetricsEndpoint(
      agent: agent,
      families: families,
      writesCreated: options.writesCreated,
      maxRequests: options.maxRequests
    )
    let endpoints = Endpoints(
      metrics: metrics,
      agent: agent,
      telemetryPath: options.telemetryPath,
      isStopping: stopping,
      reload: options.allowsLifecycle ? source : nil
    )
    let router = HTTPRouter(routes: endpoints.routes, completed: { statistics.count($0, $1) })
    if options.ignoresAddresses {
      agent.log.warn("--web.listen-address is not used: --web.systemd-socket is given")
    } else if !options.usesSystemdSockets, systemd.hasSockets {
      agent.log.warn(
        "the sockets that systemd has passed are not used without --web.systemd-socket"
      )
    }
    let listener = try HTTPServer(
      addresses: options.addresses,
      inherited: options.usesSystemdSockets ? try systemd.sockets() : [],
      limits: options.limits,
      handler: security?.guarding(router, observer: statistics) ?? router,
      logger: agent.log,
      observer: statistics,
      security: security
    )
    connections.follow(listener)
    return listener
  }

  /// An address as a person on this machine would type it.
  private static func reachable(_ address: ListenAddress) -> String {
    switch address.host {
    case nil, "", "0.0.0.0", "::": "localhost:\(address.port)"
    case .some: "\(address)"
    }
  }
}

import ConfigurationFile
import HTTPListener
import Logging
import Synchronization

/// TLS, users and headers of the listener, as the file of `--web.config.file` says now.
final class WebSecurity: ListenerSecurity {
  private struct State {
    var configuration: WebConfiguration
    var context: TLSContext?
    var stamps: [String: FileStamp]
    var lookedAt: ContinuousClock.Instant
  }

  private let path: String
  private let log: Logger
  private let interval: Duration
  private let state: Mutex<State>

  /// Reads the file and those that it names.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - log: For what changes bring.
  ///   - interval: How long files are taken to be as they were.
  /// - Throws: `ConfigurationError` with every error.
  init(path: String, log: Logger, interval: Duration = .seconds(1)) throws(ConfigurationError) {
    self.path = path
    self.log = log
    self.interval = interval
    var stamps = [path: FileStamp(path)]
    let configuration = try WebConfiguration.load(path: path)
    for file in configuration.files { stamps[file] = FileStamp(file) }
    let context = try configuration.makeContext()
    state = Mutex(
      State(
        configuration: configuration,
        context: context,
        stamps: stamps,
        lookedAt: ContinuousClock.now
      )
    )
    warn(configuration)
  }

  /// The handler behind the users' passwords.
  func guarding(
    _ handler: any HTTPHandler,
    observer: any ListenerObserver
  ) -> any HTTPHandler {
    BasicAuthentication(
      before: handler,
      exempt: ["/-/healthy", "/-/ready"],
      observer: observer,
      users: { [self] in refreshed().configuration.users }
    )
  }

  func connectionContext() -> TLSContext? {
    refreshed().context
  }

  func responseFields() -> [(name: String, value: String)] {
    state.withLock { $0.configuration.headers }
  }

  /// The state, read again where a file has changed.
  private func refreshed() -> (configuration: WebConfiguration, context: TLSContext?) {
    state.withLock { state in
      let now = ContinuousClock.now
      if now - state.lookedAt >= interval {
        state.lookedAt = now
        if state.stamps.contains(where: { FileStamp($0.key) != $0.value }) { reload(&state) }
      }
      return (state.configuration, state.context)
    }
  }

  private func reload(_ state: inout State) {
    // Taken before reading: what changes meanwhile is seen the next time. A state that could not
    // be used is not tried again until something changes.
    for file in state.stamps.keys { state.stamps[file] = FileStamp(file) }
    do {
      let configuration = try WebConfiguration.load(path: path)
      var stamps = [path: state.stamps[path] ?? FileStamp(path)]
      for file in configuration.files { stamps[file] = FileStamp(file) }
      state.stamps.merge(stamps) { _, new in new }
      guard (configuration.tls == nil) == (state.configuration.tls == nil) else {
        log.error(
          "the changed web configuration is not used: TLS cannot be turned on or off while "
            + "running; restart",
          [("file", path)]
        )
        return
      }
      state.context = try configuration.makeContext()
      state.configuration = configuration
      state.stamps = stamps
    } catch {
      let cause = error.issues.filter { $0.severity == .error }.map(\.description)
      log.error(
        "the changed web configuration is not used; the old one stays in force",
        [("cause", cause.joined(separator: "; "))]
      )
      return
    }
    warn(state.configuration)
    log.info("web configuration read again", [("file", path)])
  }

  private func warn(_ configuration: WebConfiguration) {
    for warning in configuration.warnings {
      log.warn("web configuration", [("issue", warning.description)])
    }
  }
}

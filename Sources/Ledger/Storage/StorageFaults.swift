import Logging
import Synchronization

/// Counts what the disk refused, and says so at most once a minute.
final class StorageFaults: Sendable {
  private struct State {
    var count = 0
    var logged: Double?
  }

  private let logger: Logger
  private let state = Mutex(State())

  init(logger: Logger) {
    self.logger = logger
  }

  var count: Int { state.withLock { $0.count } }

  /// Counts an error and logs it with what follows from it, unless one was logged just now.
  func report(_ error: FileError, _ consequence: String, at unixTime: Double) {
    let isDue = state.withLock { state in
      state.count += 1
      // A clock that went back must not silence the line.
      if let logged = state.logged, abs(unixTime - logged) < 60 { return false }
      state.logged = unixTime
      return true
    }
    guard isDue else { return }
    logger.error(
      "storage failed; " + consequence,
      [("operation", error.operation), ("file", error.path), ("reason", error.reason)]
    )
  }
}

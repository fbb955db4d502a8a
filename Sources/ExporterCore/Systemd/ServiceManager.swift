private import CLinux
private import Glibc
import Logging
import Synchronization

/// Tells the service manager what the agent does: sd_notify(3).
final class ServiceManager: Sendable {
  private struct State {
    var status = ""
    /// Whether the last message could be sent: only the first failure in a row is logged.
    var isReachable = true
  }

  private let socket: NotifySocket
  private let log: Logger
  private let state = Mutex(State())

  /// The manager that waits for notifications; nil where none does.
  ///
  /// An address that cannot be used is logged: the agent runs all the same.
  init?(_ environment: SystemdEnvironment, log: Logger) {
    guard let address = environment.notifySocket else { return nil }
    self.log = log
    do {
      socket = try NotifySocket(address: address)
    } catch {
      log.error("the service manager is not notified", [("cause", error.message)])
      return nil
    }
  }

  /// The start, or a reload, is complete.
  func ready(status: String) {
    send("READY=1\nSTATUS=\(status)", status: status)
  }

  /// A reload begins.
  ///
  /// `ready` ends it, also where the old configuration stays in force.
  func reloading() {
    // From the clock that the manager compares it with, at the moment of the message.
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    let microseconds = UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    send("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
  }

  /// The agent ends.
  func stopping() {
    send("STOPPING=1\nSTATUS=stopping", status: "stopping")
  }

  /// One line for `systemctl status`; said again only when it changes.
  func show(status: String) {
    guard state.withLock({ $0.status != status }) else { return }
    send("STATUS=\(status)", status: status)
  }

  /// The agent is alive.
  func keepAlive() {
    send("WATCHDOG=1")
  }

  private func send(_ message: String, status: String? = nil) {
    do {
      try socket.send(message)
      state.withLock { state in
        state.isReachable = true
        if let status { state.status = status }
      }
    } catch {
      let isNew = state.withLock { state in
        defer { state.isReachable = false }
        return state.isReachable
      }
      if isNew { log.warn("service manager", [("cause", error.message)]) }
    }
  }
}

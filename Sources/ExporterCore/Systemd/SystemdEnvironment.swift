private import Glibc
import HTTPListener

/// What a service manager has told the process at its start: sd_listen_fds(3), sd_notify(3) and
/// sd_watchdog_enabled(3), without libsystemd.
struct SystemdEnvironment: Sendable {
  /// The variables of the three protocols, which are for this process and no other.
  private static let names = [
    "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PID", "LISTEN_PIDFDID", "NOTIFY_SOCKET",
    "WATCHDOG_PID", "WATCHDOG_USEC",
  ]
  /// The first passed descriptor: `SD_LISTEN_FDS_START`.
  private static let firstDescriptor: Int32 = 3
  /// No service has more sockets than this; a number beyond it is none.
  private static let mostDescriptors = 1024

  private let variables: [String: String]
  private let process: Int32

  /// The part of an environment that is systemd's.
  ///
  /// - Parameters:
  ///   - environment: The process's environment.
  ///   - process: The process's id.
  init(_ environment: [String: String] = [:], process: Int32 = getpid()) {
    variables = environment.filter { SystemdEnvironment.names.contains($0.key) }
    self.process = process
  }

  /// Takes the variables out of the process's environment.
  ///
  /// Called before there are threads that read it.
  static func clear() {
    for name in names { unsafe unsetenv(name) }
  }

  /// Whether sockets were passed to this very process.
  var hasSockets: Bool {
    variables["LISTEN_PID"] == String(process) && (variables["LISTEN_FDS"] ?? "0") != "0"
  }

  /// The sockets that were passed.
  ///
  /// - Throws: `ListenerError` where there are none, or the variables make no sense.
  func sockets() throws(ListenerError) -> [InheritedSocket] {
    func refusal(_ reason: String) -> ListenerError {
      ListenerError(
        message: "--web.systemd-socket: \(reason); start cx_exporter by a .socket unit of systemd, "
          + "or leave the flag out"
      )
    }
    guard let count = variables["LISTEN_FDS"] else {
      throw refusal("systemd has passed no socket (LISTEN_FDS is not set)")
    }
    guard let pid = variables["LISTEN_PID"], pid == String(process) else {
      let seen = variables["LISTEN_PID"].map { "is \($0)" } ?? "is not set"
      throw refusal(
        "the sockets are not for this process: LISTEN_PID \(seen), its id is \(process)"
      )
    }
    guard let number = Int(count), (0...SystemdEnvironment.mostDescriptors).contains(number) else {
      throw refusal("LISTEN_FDS=\(count) is no number of sockets")
    }
    guard number > 0 else { throw refusal("systemd has passed no socket (LISTEN_FDS=0)") }
    let names = variables["LISTEN_FDNAMES"]?
      .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if let names, names.count != number {
      throw refusal("LISTEN_FDNAMES has \(names.count) names for \(number) sockets")
    }
    return (0..<number).map { index in
      InheritedSocket(
        descriptor: SystemdEnvironment.firstDescriptor + Int32(index),
        name: names?[index] ?? "unknown"
      )
    }
  }

  /// Where to send notifications; nil where nobody waits for them.
  var notifySocket: String? {
    variables["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Within how many seconds each sign of life has to follow the one before; nil where none is
  /// asked of this process.
  var watchdogTime: Double? {
    if let pid = variables["WATCHDOG_PID"], pid != String(process) { return nil }
    guard let microseconds = variables["WATCHDOG_USEC"].flatMap(UInt64.init), microseconds > 0
    else { return nil }
    return Double(microseconds) / 1e6
  }
}

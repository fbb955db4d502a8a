import HTTPListener
import Testing

@testable import ExporterCore

/// The variables of sd_listen_fds(3), sd_notify(3) and sd_watchdog_enabled(3).
@Suite struct SystemdEnvironmentTests {
  private static func environment(_ text: String) -> SystemdEnvironment {
    var variables: [String: String] = [:]
    for word in text.split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      variables[String(parts[0])] = String(parts[1])
    }
    return SystemdEnvironment(variables, process: 42)
  }

  @Test(
    arguments: [
      ("LISTEN_PID=42 LISTEN_FDS=1", ["unknown"]),
      ("LISTEN_PID=42 LISTEN_FDS=1 LISTEN_FDNAMES=cx_exporter.socket", ["cx_exporter.socket"]),
      ("LISTEN_PID=42 LISTEN_FDS=3 LISTEN_FDNAMES=a:b:a", ["a", "b", "a"]),
      ("LISTEN_PID=42 LISTEN_FDS=2 LISTEN_FDNAMES=:", ["", ""]),
    ] as [(String, [String])]
  )
  func sockets(_ text: String, _ names: [String]) throws {
    let environment = SystemdEnvironmentTests.environment(text)
    #expect(environment.hasSockets)
    let sockets = try environment.sockets()
    #expect(sockets.map(\.name) == names)
    // SD_LISTEN_FDS_START is 3.
    #expect(sockets.map(\.descriptor) == names.indices.map { 3 + Int32($0) })
  }

  @Test(arguments: [
    ("", "systemd has passed no socket (LISTEN_FDS is not set)"),
    ("LISTEN_PID=42", "systemd has passed no socket (LISTEN_FDS is not set)"),
    ("LISTEN_PID=42 LISTEN_FDS=0", "systemd has passed no socket (LISTEN_FDS=0)"),
    (
      "LISTEN_PID=41 LISTEN_FDS=1",
      "the sockets are not for this process: LISTEN_PID is 41, its id is 42"
    ),
    ("LISTEN_FDS=1", "the sockets are not for this process: LISTEN_PID is not set, its id is 42"),
    ("LISTEN_PID=42 LISTEN_FDS=x", "LISTEN_FDS=x is no number of sockets"),
    ("LISTEN_PID=42 LISTEN_FDS=-1", "LISTEN_FDS=-1 is no number of sockets"),
    ("LISTEN_PID=42 LISTEN_FDS=4000000000", "LISTEN_FDS=4000000000 is no number of sockets"),
    (
      "LISTEN_PID=42 LISTEN_FDS=2 LISTEN_FDNAMES=a",
      "LISTEN_FDNAMES has 1 names for 2 sockets"
    ),
  ])
  func noSockets(_ text: String, _ reason: String) throws {
    let environment = SystemdEnvironmentTests.environment(text)
    let error = try #require(throws: ListenerError.self) { try environment.sockets() }
    #expect(
      error.message == "--web.systemd-socket: \(reason); start cx_exporter by a .socket unit of "
        + "systemd, or leave the flag out"
    )
  }

  @Test(
    arguments: [
      ("", nil), ("WATCHDOG_USEC=60000000", 60), ("WATCHDOG_USEC=1500000 WATCHDOG_PID=42", 1.5),
      ("WATCHDOG_USEC=60000000 WATCHDOG_PID=41", nil), ("WATCHDOG_USEC=0", nil),
      ("WATCHDOG_USEC=soon", nil), ("WATCHDOG_USEC=-5", nil), ("WATCHDOG_PID=42", nil),
    ] as [(String, Double?)]
  )
  func watchdog(_ text: String, _ seconds: Double?) {
    #expect(SystemdEnvironmentTests.environment(text).watchdogTime == seconds)
  }

  @Test func notifySocket() {
    #expect(SystemdEnvironmentTests.environment("").notifySocket == nil)
    #expect(SystemdEnvironmentTests.environment("NOTIFY_SOCKET=").notifySocket == nil)
    #expect(SystemdEnvironmentTests.environment("NOTIFY_SOCKET=@a").notifySocket == "@a")
  }
}

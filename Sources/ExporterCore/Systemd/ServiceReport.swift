import CollectorKit
import HTTPListener
import Logging
import Scheduling

/// Reports to the service manager while the agent runs: its status, and signs of life.
///
/// A sign of life is earned: the concurrency pool has to run this task, the listener's loop to
/// have turned since the last sign, and every poll loop to have kept to its own announcements.
struct ServiceReport: Sendable {
  let manager: ServiceManager
  let agent: Agent
  /// Whether the listener's loop has turned since the last call.
  let isListening: @Sendable () -> Bool
  /// Seconds within which the manager expects each sign of life; nil where it expects none.
  let watchdogTime: Double?

  /// Seconds between two looks: often enough for the watchdog, though one comes late.
  var interval: Double {
    min(ServiceReport.longestInterval, (watchdogTime ?? .infinity) / 3)
  }

  private static let longestInterval = 5.0

  /// Reports until the surrounding task is cancelled.
  func run() async {
    var wasAlive = true
    while !Task.isCancelled {
      wasAlive = look(wasAlive: wasAlive)
      do {
        try await agent.time.sleep(seconds: interval)
      } catch {
        return
      }
    }
  }

  /// Reports once.
  ///
  /// - Parameter wasAlive: Whether there was a sign of life the last time: what is wrong is logged
  ///   once.
  /// - Returns: Whether there was one this time, or none was asked for.
  func look(wasAlive: Bool) -> Bool {
    manager.show(status: ServiceReport.status(of: agent))
    guard watchdogTime != nil else { return true }
    guard let trouble else {
      manager.keepAlive()
      return true
    }
    if wasAlive {
      agent.log.error(
        "no sign of life for the watchdog: the service manager may restart the agent",
        [("cause", trouble)]
      )
    }
    return false
  }

  /// What does not turn; nil where all does.
  var trouble: String? {
    guard isListening() else { return "the HTTP listener's loop hangs" }
    let stalled = agent.scheduler.stalledTargets
    guard let first = stalled.first else { return nil }
    return "the poll loop of target \(first) hangs"
      + (stalled.count > 1 ? ", and \(stalled.count - 1) more" : "")
  }

  /// `3 of 4 targets up`.
  static func status(of agent: Agent) -> String {
    let statuses = agent.scheduler.statuses
    let up = statuses.count { $0.isUp }
    let suffix = agent.reloadStatus.isGood ? "" : "; the last reload failed: see the log"
    return "\(up) of \(statuses.count) targets up\(suffix)"
  }
}

import Synchronization

/// What the discoveries have found: each dashboard's insights, and when to ask for them again.
///
/// It outlives the polls, so that a discovery that fails leaves the known insights to be asked.
final class SamespaceDirectory: Sendable {
  private struct Entry {
    var dashboard: SamespaceDashboard
    var discovered: Double
    var isInDoubt: Bool
  }

  private let interval: Double
  private let entries = Mutex<[String: Entry]>([:])

  /// Nothing found yet.
  ///
  /// - Parameter interval: Seconds after which a dashboard is asked for again.
  init(interval: Double) {
    self.interval = interval
  }

  /// Whether a dashboard's insights are to be asked for at that `uptime`.
  func isDue(_ id: String, at uptime: Double) -> Bool {
    entries.withLock { entries in
      guard let entry = entries[id] else { return true }
      return entry.isInDoubt || uptime - entry.discovered >= interval
    }
  }

  /// What is known of a dashboard, or nil.
  func dashboard(_ id: String) -> SamespaceDashboard? {
    entries.withLock { $0[id]?.dashboard }
  }

  /// Keeps what a discovery found.
  ///
  /// - Parameters:
  ///   - dashboard: The dashboard's insights; they replace the known ones.
  ///   - id: The id as configured.
  ///   - uptime: When it was asked.
  ///   - isComplete: False where the vendor named errors as well, so that the next poll asks again.
  func keep(_ dashboard: SamespaceDashboard, id: String, at uptime: Double, isComplete: Bool) {
    entries.withLock { entries in
      entries[id] = Entry(dashboard: dashboard, discovered: uptime, isInDoubt: !isComplete)
    }
  }

  /// Has the next poll ask for a dashboard again: one of its insights may be gone.
  func doubt(_ id: String) {
    entries.withLock { $0[id]?.isInDoubt = true }
  }
}

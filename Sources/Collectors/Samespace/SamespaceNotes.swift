import Synchronization

/// What was logged already of a target: the same fact is logged once, not once a poll.
final class SamespaceNotes: Sendable {
  private let told = Mutex<Set<String>>([])

  /// Whether the fact with this name was not asked about before.
  func isNew(_ fact: String) -> Bool {
    told.withLock { $0.insert(fact).inserted }
  }
}

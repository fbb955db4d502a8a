import Synchronization

/// The kinds of messages that a target's log has had: one that comes back with every poll is one
/// line, and its counter says how often it came.
final class ReportedKinds: Sendable {
  /// A vendor's texts are in messages, so that there may be any number of them.
  private static let most = 1000
  private let kinds = Mutex<Set<String>>([])

  /// Whether no message of the kind came before: messages that differ in their digits alone (the
  /// row, the day, the value) are of one kind.
  func isNew(_ message: String) -> Bool {
    let kind = String(message.filter { !$0.isNumber })
    return kinds.withLock { kinds in
      kinds.count < ReportedKinds.most && kinds.insert(kind).inserted
    }
  }
}

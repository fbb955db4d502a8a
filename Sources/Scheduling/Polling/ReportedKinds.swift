import Synchronization

/// The kinds of messages that a target's log has had: one that comes back with every poll is one
/// line, and its counter says how often it came.
final class ReportedKinds: Sendable {
  /// A vendor's texts are in messages, so that there may be any number of them.
  private static let most = 1000
  private let kinds = Mutex<Set<String>>([])

  /// Whether no message of the kind came before.
  ///
  /// Messages that differ in their numbers alone (the row, the day, the value) are of one kind. A word
  /// with digits, such as an id, is not a number.
  func isNew(_ message: String) -> Bool {
    let words = message.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    let kind = words.filter { $0.contains(where: \.isLetter) }.joined(separator: " ")
    return kinds.withLock { kinds in
      // What is new must be logged: the oldest kinds are logged once more.
      if kinds.count >= ReportedKinds.most { kinds.removeAll() }
      return kinds.insert(kind).inserted
    }
  }
}

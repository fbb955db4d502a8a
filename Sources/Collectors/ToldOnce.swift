import Synchronization

/// Remembers which notes a target has logged, so that each is logged once and not with every poll.
final class ToldOnce: Sendable {
  private let texts = Mutex<Set<String>>([])

  /// Those of the notes that are new.
  func fresh(_ notes: [String]) -> [String] {
    texts.withLock { texts in notes.filter { texts.insert($0).inserted } }
  }
}

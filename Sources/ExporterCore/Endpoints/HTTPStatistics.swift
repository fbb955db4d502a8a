import HTTPListener
import Synchronization

/// Counts the listener's answers by handler and status.
final class HTTPStatistics: ListenerObserver {
  /// A handler and a status.
  struct Key: Hashable, Comparable {
    let handler: String
    let status: Int

    static func < (left: Key, right: Key) -> Bool {
      (left.handler, left.status) < (right.handler, right.status)
    }
  }

  private let counts: Mutex<[Key: Int]>

  /// Starts every handler's 200 at 0.
  init(handlers: [String]) {
    counts = Mutex(
      Dictionary(
        handlers.map { (Key(handler: $0, status: 200), 0) },
        uniquingKeysWith: { first, _ in first }
      )
    )
  }

  /// One more answer.
  func count(_ handler: String, _ status: Int) {
    counts.withLock { $0[Key(handler: handler, status: status), default: 0] += 1 }
  }

  /// The listener itself refused a request.
  func refused(status: Int) {
    count("listener", status)
  }

  /// The counts, sorted.
  var current: [(key: Key, value: Int)] {
    counts.withLock { $0 }.sorted { $0.key < $1.key }
  }
}

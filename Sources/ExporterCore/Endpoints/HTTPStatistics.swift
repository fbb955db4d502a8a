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
  /// The handler whose good answers are counted apart, for there are many of them.
  private let scrapes: Key
  private let scrapeCount = Atomic(0)
  private let otherCount = Atomic(0)

  /// Starts every handler's 200 at 0; the first handler is the one that is scraped.
  init(handlers: [String]) {
    scrapes = Key(handler: handlers.first ?? "", status: 200)
    counts = Mutex(
      Dictionary(
        handlers.map { (Key(handler: $0, status: 200), 0) },
        uniquingKeysWith: { first, _ in first }
      )
    )
  }

  /// One more answer.
  func count(_ handler: String, _ status: Int) {
    if status == scrapes.status, handler == scrapes.handler {
      scrapeCount.add(1, ordering: .relaxed)
    } else {
      counts.withLock { $0[Key(handler: handler, status: status), default: 0] += 1 }
      otherCount.add(1, ordering: .relaxed)
    }
  }

  /// The listener itself refused a request.
  func refused(status: Int) {
    count("listener", status)
  }

  /// How many answers there were that were no good scrapes.
  var others: Int { otherCount.load(ordering: .relaxed) }

  /// The counts, sorted.
  var current: [(key: Key, value: Int)] {
    var all = counts.withLock { $0 }
    all[scrapes, default: 0] += scrapeCount.load(ordering: .relaxed)
    return all.sorted { $0.key < $1.key }
  }
}

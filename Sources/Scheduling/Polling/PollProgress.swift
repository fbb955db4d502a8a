import Synchronization

/// When a poll loop is next expected to do something: what tells one that waits from one that hangs.
final class PollProgress: Sendable {
  private let due = Mutex<Double?>(nil)

  /// The `uptime` by which the loop has to have gone on; nil before it was started.
  var expectedBy: Double? { due.withLock { $0 } }

  /// The loop goes on by then.
  func expect(by uptime: Double) {
    due.withLock { $0 = uptime }
  }
}

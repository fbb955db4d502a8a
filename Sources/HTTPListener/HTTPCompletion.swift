import Synchronization

/// Finishes a deferred answer, once, from any thread.
///
/// One that is dropped unused answers 500, so that no client waits for what cannot come.
public final class HTTPCompletion: Sendable {
  /// What a completion was used for.
  public enum Outcome: Sendable {
    /// The answer to send.
    case response(HTTPResponse)
    /// The connection is to be reset without an answer.
    case abort
  }

  private let deliver: @Sendable (Outcome) -> Void
  private let isUsed = Atomic(false)

  /// A completion that hands its outcome to `deliver`, once.
  ///
  /// The listener makes them; others do to watch an answer pass, or to test a handler.
  public init(deliver: @escaping @Sendable (Outcome) -> Void) {
    self.deliver = deliver
  }

  deinit {
    if !isUsed.load(ordering: .acquiring) {
      deliver(.response(.text(500, "500: the answer was lost inside the server")))
    }
  }

  /// Sends the answer; later calls are ignored.
  public func send(_ response: HTTPResponse) {
    finish(.response(response))
  }

  /// Closes the connection with a reset and without an answer; later calls are ignored.
  public func abort() {
    finish(.abort)
  }

  /// Hands an outcome on; later calls are ignored.
  public func finish(_ outcome: Outcome) {
    if !isUsed.exchange(true, ordering: .acquiringAndReleasing) { deliver(outcome) }
  }
}

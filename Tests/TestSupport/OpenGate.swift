public import CollectorKit
import Synchronization

/// A request gate that lets everything through and remembers what it was told.
public final class OpenGate: RequestGate {
  private struct State {
    var entered: [String] = []
    var codes: [String] = []
    var refusals: [Double?] = []
  }

  private let state = Mutex(State())

  /// A gate that nothing has passed.
  public init() {}

  /// The endpoints that entered, in order.
  public var entered: [String] { state.withLock { $0.entered } }
  /// The codes of the requests that left, in order.
  public var codes: [String] { state.withLock { $0.codes } }
  /// The waits that refusals asked for, in order.
  public var refusals: [Double?] { state.withLock { $0.refusals } }

  /// Lets the request through at once.
  public func enter(endpoint: String) async throws {
    state.withLock { $0.entered.append(endpoint) }
  }

  /// Remembers the code.
  public func leave(code: String, seconds: Double) {
    state.withLock { $0.codes.append(code) }
  }

  /// Remembers the wait.
  public func refused(retryAfter: Double?) {
    state.withLock { $0.refusals.append(retryAfter) }
  }
}

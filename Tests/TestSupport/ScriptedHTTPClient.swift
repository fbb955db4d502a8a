public import HTTPTransport
import Synchronization

/// An HTTP client that answers from a closure and remembers what it was asked.
public final class ScriptedHTTPClient: HTTPClient {
  /// Gives the answer to a request; `index` counts from 0.
  public typealias Script =
    @Sendable (_ request: HTTPClientRequest, _ index: Int) throws(TransportError)
    -> HTTPClientResponse

  private let script: Script
  private let sent = Mutex<[HTTPClientRequest]>([])

  /// A client with that script.
  public init(_ script: @escaping Script) {
    self.script = script
  }

  /// Every request so far, in order.
  public var requests: [HTTPClientRequest] { sent.withLock { $0 } }

  /// Answers at once.
  public func send(
    _ request: HTTPClientRequest
  ) async throws(TransportError) -> HTTPClientResponse {
    let index = sent.withLock { sent in
      sent.append(request)
      return sent.count - 1
    }
    return try script(request, index)
  }
}

/// Sends requests to vendors: libcurl in the agent, a fake in tests.
public protocol HTTPClient: Sendable {
  /// Sends one request and waits for its whole answer; follows no redirect.
  ///
  /// Cancelling the surrounding task ends the transfer at once.
  ///
  /// - Throws: `TransportError` where there is no complete answer. An answer with any status,
  ///   4xx and 5xx included, is returned.
  func send(_ request: HTTPClientRequest) async throws(TransportError) -> HTTPClientResponse
}

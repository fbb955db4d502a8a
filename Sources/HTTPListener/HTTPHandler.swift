/// What a handler says to a request.
public enum HTTPAnswer: Sendable {
  /// The answer is here.
  case response(HTTPResponse)
  /// The answer comes later, from any thread: the closure runs on the loop and must not block;
  /// it keeps the completion and uses it once.
  case deferred(@Sendable (HTTPCompletion) -> Void)
}

/// Answers requests; called on the listener's loop, so it never blocks.
public protocol HTTPHandler: Sendable {
  /// The answer to a whole request.
  ///
  /// For HEAD the handler answers as for GET; the listener leaves out the body.
  func answer(_ request: HTTPRequest) -> HTTPAnswer
}

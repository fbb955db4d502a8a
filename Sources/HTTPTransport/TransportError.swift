/// Why there is no complete answer.
public struct TransportError: Error, Sendable, Equatable {
  /// The kinds of failure a poll tells apart.
  public enum Code: String, Sendable {
    /// The deadline passed.
    case timeout
    /// Name resolution, connect, reset, early close, or an answer that is not HTTP.
    case connection
    /// Handshake or certificate verification failed.
    case tls
    /// The body was larger than `maxResponseSize`.
    case tooLarge
    /// The surrounding task was cancelled.
    case cancelled
    /// The request itself cannot be sent: a malformed URL or an unreadable certificate file.
    case invalidRequest
  }

  /// The kind of failure.
  public var code: Code
  /// One line for people: what was seen and where; never a secret.
  public var message: String
  /// Whether the request was sent and no byte of an answer came: it may be sent again.
  public var isUnanswered = false

  /// A failure of that kind.
  public init(code: Code, message: String) {
    self.code = code
    self.message = message
  }
}

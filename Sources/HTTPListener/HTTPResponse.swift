/// An answer: status, fields and a body in segments.
///
/// The listener adds Date, Content-Length and Connection. The segments are written as they are
/// (`writev`), never joined, so that a cached body is shared by every answer that uses it.
public struct HTTPResponse: Sendable {
  /// The status code.
  public var status: Int
  /// Fields beyond those that the listener adds.
  public var fields: [(name: String, value: String)]
  /// The body's parts, in order.
  public var body: [[UInt8]]

  /// An answer with a body in segments.
  public init(status: Int, fields: [(name: String, value: String)] = [], body: [[UInt8]] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// A short answer in plain text, newline added.
  public static func text(
    _ status: Int,
    _ message: String,
    fields: [(name: String, value: String)] = []
  ) -> HTTPResponse {
    HTTPResponse(
      status: status,
      fields: [("Content-Type", "text/plain; charset=utf-8")] + fields,
      body: [Array(message.utf8) + [UInt8(ascii: "\n")]]
    )
  }
}

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

/// An answer: status, fields and a body in segments.
///
/// The listener adds Date, Content-Length and Connection. The segments are written as they are
/// (`writev`), never joined, so that a cached body is shared by every answer that uses it.
public struct HTTPResponse: Sendable {
  /// The status code.
  public var status: Int { didSet { unprepare() } }
  /// Fields beyond those that the listener adds.
  public var fields: [(name: String, value: String)] { didSet { unprepare() } }
  /// The body's parts, in order.
  public var body: [[UInt8]] { didSet { unprepare() } }
  /// Kept until the answer is written or its connection is gone: what counts answers under way.
  public var ticket: (any AnyObject & Sendable)?
  /// Head and body as they are sent to most clients; nil where the answer was not prepared.
  private(set) var prepared: PreparedAnswer?

  /// An answer with a body in segments.
  public init(status: Int, fields: [(name: String, value: String)] = [], body: [[UInt8]] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  private mutating func unprepare() {
    prepared = nil
  }

  /// Makes it ready to be sent many times within a fraction of a second: its `Date` is that of this call.
  ///
  /// Nothing is done where it is ready already.
  public mutating func prepare() {
    if prepared == nil { prepared = PreparedAnswer(self) }
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

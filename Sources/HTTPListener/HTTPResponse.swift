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
  /// The part of the head that is the same whenever this answer is sent; nil where it was not prepared.
  private(set) var head: [UInt8]?
  /// The body once more, for streams that can send a file; nil where it was not prepared or is not worth it.
  private(set) var file: BodyFile?

  /// An answer with a body in segments.
  public init(status: Int, fields: [(name: String, value: String)] = [], body: [[UInt8]] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  private mutating func unprepare() {
    head = nil
    file = nil
  }

  /// The same answer with its head encoded and its body ready to be sent: for one that is kept and sent
  /// many times.
  public func prepared() -> HTTPResponse {
    var copy = self
    var head: [UInt8] = []
    ResponseHead.appendFixed(self, to: &head)
    copy.head = head
    copy.file = BodyFile(body)
    return copy
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

/// An answer in the form in which it goes to a client of HTTP/1.1 that keeps its connection: head and body.
struct PreparedAnswer: Sendable {
  /// The bytes, in order.
  let segments: [[UInt8]]
  /// The same bytes, for streams that can send pages; nil where that is not worth it.
  let pages: AnswerPages?

  /// Up to this size one segment, copied once, is sent faster than several.
  private static let joined = 16_384

  /// The answer with the time of now in its `Date`.
  init(_ response: HTTPResponse) {
    var date = DateField()
    date.update()
    var head: [UInt8] = []
    ResponseHead.append(response, persistence: .open, date: date.line, to: &head)
    let hasBody = !ResponseHead.hasNoContent(response.status)
    let parts = [head] + (hasBody ? response.body : [])
    let count = parts.reduce(0) { $0 + $1.count }
    pages = AnswerPages(parts, count: count)
    segments = count <= PreparedAnswer.joined ? [Array(parts.joined())] : parts
  }
}

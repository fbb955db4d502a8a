/// A request whose head, and body where there is one, has arrived whole.
public struct HTTPRequest: Sendable {
  /// The method, upper case as sent (methods are case-sensitive, RFC 9110, section 9.1).
  public let method: String
  /// The path, percent-decoded once; starts with `/`, or is `*` for OPTIONS of the whole server.
  public let path: String
  /// The query's pairs in order, percent-decoded, `+` read as a space.
  public let query: [(name: String, value: String)]
  /// The fields in order, values trimmed.
  public let fields: [(name: String, value: String)]
  /// The body, empty where there is none.
  public let body: [UInt8]

  /// A request as the parser, or a test, puts it together.
  public init(
    method: String,
    path: String,
    query: [(name: String, value: String)] = [],
    fields: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
  }

  /// All values of the fields with that name, joined by `, ` (RFC 9110, section 5.3), or nil.
  public func field(_ name: String) -> String? {
    var joined: String?
    for field in fields where ByteClass.isSame(field.name, name) {
      joined = joined.map { "\($0), \(field.value)" } ?? field.value
    }
    return joined
  }

  /// All values of the query parameter with that name, in order.
  public func queryValues(_ name: String) -> [String] {
    query.filter { $0.name == name }.map(\.value)
  }
}

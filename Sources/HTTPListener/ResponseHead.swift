/// Writes the head of an answer.
enum ResponseHead {
  /// What the connection adds to an answer's own fields.
  enum Persistence {
    /// HTTP/1.1's default: nothing to say.
    case open
    /// `Connection: keep-alive`, for HTTP/1.0.
    case openVersion10
    /// `Connection: close`.
    case closing
  }

  /// Appends the status line and all fields, the empty line included.
  ///
  /// Of the general fields those count that the answer does not have itself.
  static func append(
    _ response: HTTPResponse,
    persistence: Persistence,
    date: [UInt8],
    general: [(name: String, value: String)] = [],
    to head: inout [UInt8]
  ) {
    append("HTTP/1.1 ", to: &head)
    append(number: response.status, to: &head)
    append(reason(response.status), to: &head)
    if !hasNoContent(response.status) {
      append("Content-Length: ", to: &head)
      append(number: response.body.reduce(0) { $0 + $1.count }, to: &head)
      append("\r\n", to: &head)
    }
    for field in response.fields where !isReserved(field.name) {
      append(field, to: &head)
    }
    head.append(contentsOf: date)
    switch persistence {
    case .open: break
    case .openVersion10: append("Connection: keep-alive\r\n", to: &head)
    case .closing: append("Connection: close\r\n", to: &head)
    }
    for field in general
    where !response.fields.contains(where: { ByteClass.isSame($0.name, field.name) }) {
      append(field, to: &head)
    }
    append("\r\n", to: &head)
  }

  /// Whether an answer with that status has no body (RFC 9110, section 6.4.1).
  static func hasNoContent(_ status: Int) -> Bool {
    status == 204 || status == 304
  }

  /// Whether the answer's fields ask for the connection to close.
  static func asksToClose(_ response: HTTPResponse) -> Bool {
    response.fields.contains {
      $0.name.utf8.count == 10 && ByteClass.isSame($0.name, "connection")
        && ByteClass.isSame($0.value, "close")
    }
  }

  /// The fields that are the listener's own to write.
  private static func isReserved(_ name: String) -> Bool {
    switch name.utf8.count {
    case 4: ByteClass.isSame(name, "date")
    case 10: ByteClass.isSame(name, "connection")
    case 14: ByteClass.isSame(name, "content-length")
    case 17: ByteClass.isSame(name, "transfer-encoding")
    default: false
    }
  }

  /// A field of the handler's; what could end the line or the head becomes a space.
  private static func append(_ field: (name: String, value: String), to head: inout [UInt8]) {
    guard !field.name.isEmpty, field.name.utf8.allSatisfy({ ByteClass.isToken($0) }) else { return }
    head.append(contentsOf: field.name.utf8)
    append(": ", to: &head)
    let start = head.count
    head.append(contentsOf: field.value.utf8)
    for index in start..<head.count where head[index] < 0x20 && head[index] != 0x09 {
      head[index] = 0x20
    }
    append("\r\n", to: &head)
  }

  private static func append(_ text: StaticString, to head: inout [UInt8]) {
    unsafe head.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    )
  }

  private static func append(number: Int, to head: inout [UInt8]) {
    var divisor = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      head.append(UInt8(number / divisor % 10) + 0x30)
      divisor /= 10
    }
  }

  /// The rest of the status line.
  private static func reason(_ status: Int) -> StaticString {
    switch status {
    case 200: " OK\r\n"
    case 201: " Created\r\n"
    case 202: " Accepted\r\n"
    case 204: " No Content\r\n"
    case 301: " Moved Permanently\r\n"
    case 302: " Found\r\n"
    case 303: " See Other\r\n"
    case 304: " Not Modified\r\n"
    case 307: " Temporary Redirect\r\n"
    case 308: " Permanent Redirect\r\n"
    case 400: " Bad Request\r\n"
    case 401: " Unauthorized\r\n"
    case 403: " Forbidden\r\n"
    case 404: " Not Found\r\n"
    case 405: " Method Not Allowed\r\n"
    case 406: " Not Acceptable\r\n"
    case 408: " Request Timeout\r\n"
    case 409: " Conflict\r\n"
    case 411: " Length Required\r\n"
    case 413: " Content Too Large\r\n"
    case 414: " URI Too Long\r\n"
    case 415: " Unsupported Media Type\r\n"
    case 417: " Expectation Failed\r\n"
    case 422: " Unprocessable Content\r\n"
    case 429: " Too Many Requests\r\n"
    case 431: " Request Header Fields Too Large\r\n"
    case 500: " Internal Server Error\r\n"
    case 501: " Not Implemented\r\n"
    case 502: " Bad Gateway\r\n"
    case 503: " Service Unavailable\r\n"
    case 504: " Gateway Timeout\r\n"
    case 505: " HTTP Version Not Supported\r\n"
    // RFC 9112, section 4: the space stays where there is no reason phrase.
    default: " \r\n"
    }
  }
}

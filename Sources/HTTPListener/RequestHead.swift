/// What a request line and its fields say, field by field as they arrive.
struct RequestHead {
  /// How the body's end is found (RFC 9112, section 6.3).
  enum Framing: Hashable {
    case length(Int)
    case chunked
  }

  let method: String
  let target: RequestTarget
  /// 0 for HTTP/1.0; 1 for HTTP/1.1 and any later minor version.
  let minorVersion: Int
  private(set) var fields: [(name: String, value: String)] = []
  private(set) var framing = Framing.length(0)
  private(set) var expectsContinue = false

  private var hostIndex: Int?
  private var contentLength: Int?
  private var transferCodings: String?
  private var expectation: String?
  private var hasClose = false
  private var hasKeepAlive = false

  /// Reads the request line, without its line end.
  init(line: ArraySlice<UInt8>) throws(RequestFailure) {
    let space = UInt8(ascii: " ")
    guard let first = line.firstIndex(of: space), first > line.startIndex,
      line[..<first].allSatisfy({ ByteClass.isToken($0) })
    else { throw RequestFailure(400, "the request line does not start with a method") }
    let rest = line[(first + 1)...]
    guard let second = rest.firstIndex(of: space) else {
      throw RequestFailure(400, "the request line names no HTTP version")
    }
    minorVersion = try RequestHead.minorVersion(rest[(second + 1)...])
    guard first - line.startIndex <= 32 else {
      throw RequestFailure(501, "there is no such method")
    }
    method = String(decoding: line[..<first], as: UTF8.self)
    target = try RequestTarget(rest[..<second], method: method)
    fields.reserveCapacity(8)
  }

  /// Whether the connection may serve another request after this one (RFC 9112, section 9.3).
  var keepsAlive: Bool {
    !hasClose && (minorVersion > 0 || hasKeepAlive)
  }

  private static func minorVersion(_ bytes: ArraySlice<UInt8>) throws(RequestFailure) -> Int {
    let start = bytes.startIndex
    guard bytes.count == 8, bytes.starts(with: Array("HTTP/".utf8)),
      ByteClass.isDigit(bytes[start + 5]), bytes[start + 6] == UInt8(ascii: "."),
      ByteClass.isDigit(bytes[start + 7])
    else { throw RequestFailure(400, "the request line does not end with an HTTP version") }
    guard bytes[start + 5] == UInt8(ascii: "1") else {
      throw RequestFailure(505, "only HTTP/1.0 and HTTP/1.1 are spoken here")
    }
    return bytes[start + 7] == UInt8(ascii: "0") ? 0 : 1
  }

  /// Splits a field line, without its line end, into name and value.
  static func field(
    _ line: ArraySlice<UInt8>
  ) throws(RequestFailure) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
    if line.first == 0x20 || line.first == 0x09 {
      throw RequestFailure(400, "a field line starts with white space; folded lines are obsolete")
    }
    guard let colon = line.firstIndex(where: { !ByteClass.isToken($0) }), colon > line.startIndex,
      line[colon] == UInt8(ascii: ":")
    else { throw RequestFailure(400, "a field line does not start with a name and a colon") }
    var value = line[(colon + 1)...]
    while let byte = value.first, byte == 0x20 || byte == 0x09 { value = value.dropFirst() }
    while let byte = value.last, byte == 0x20 || byte == 0x09 { value = value.dropLast() }
    return (line[..<colon], value)
  }

  /// Adds a field line, without its line end.
  mutating func add(line: ArraySlice<UInt8>) throws(RequestFailure) {
    let (nameBytes, valueBytes) = try RequestHead.field(line)
    let name = String(decoding: nameBytes, as: UTF8.self)
    let value = String(decoding: valueBytes, as: UTF8.self)
    fields.append((name, value))
    // The length tells nearly every field apart from these without looking at its letters.
    switch nameBytes.count {
    case 4 where ByteClass.isSame(name, "host"):
      guard hostIndex == nil else { throw RequestFailure(400, "there are two Host fields") }
      guard RequestTarget.isHost(valueBytes) else {
        throw RequestFailure(400, "the Host field is malformed")
      }
      hostIndex = fields.count - 1
    case 6 where ByteClass.isSame(name, "expect"):
      expectation = expectation.map { "\($0), \(value)" } ?? value
    case 10 where ByteClass.isSame(name, "connection"):
      if ByteClass.isSame(value, "keep-alive") {
        hasKeepAlive = true
        return
      }
      for option in value.split(separator: ",") {
        let option = String(option.drop { $0 == " " || $0 == "\t" })
        if isOption(option, "close") { hasClose = true }
        if isOption(option, "keep-alive") { hasKeepAlive = true }
      }
    case 14 where ByteClass.isSame(name, "content-length"):
      try addContentLength(valueBytes)
    case 17 where ByteClass.isSame(name, "transfer-encoding"):
      transferCodings = transferCodings.map { "\($0),\(value)" } ?? value
    default:
      break
    }
  }

  private func isOption(_ option: String, _ name: String) -> Bool {
    let end = option.firstIndex { $0 == " " || $0 == "\t" } ?? option.endIndex
    return ByteClass.isSame(String(option[..<end]), name)
  }

  /// One length, or the same one several times (RFC 9110, section 8.6).
  private mutating func addContentLength(_ value: ArraySlice<UInt8>) throws(RequestFailure) {
    let failure = RequestFailure(400, "Content-Length is not one decimal number")
    let elements = value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    for element in elements {
      var digits = element.drop { $0 == 0x20 || $0 == 0x09 }
      while let byte = digits.last, byte == 0x20 || byte == 0x09 { digits = digits.dropLast() }
      guard !digits.isEmpty else { throw failure }
      var length = 0
      for digit in digits {
        guard ByteClass.isDigit(digit) else { throw failure }
        let (tenfold, overflow) = length.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tenfold.addingReportingOverflow(Int(digit - 0x30))
        guard !overflow, !carry else { throw failure }
        length = sum
      }
      guard contentLength == nil || contentLength == length else {
        throw RequestFailure(400, "there are two different Content-Lengths")
      }
      contentLength = length
    }
  }

  /// Judges the head as a whole once its last line is there.
  mutating func finish() throws(RequestFailure) {
    if minorVersion > 0, hostIndex == nil {
      throw RequestFailure(400, "HTTP/1.1 requires a Host field")
    }
    if let authority = target.authority {
      // RFC 9112, section 3.2.2: the absolute form's host replaces the field.
      if let hostIndex {
        fields[hostIndex].value = authority
      } else {
        fields.append(("Host", authority))
      }
    }
    if let transferCodings {
      try frameChunked(transferCodings)
    } else {
      framing = .length(contentLength ?? 0)
    }
    if let expectation, minorVersion > 0 {
      guard ByteClass.isSame(expectation, "100-continue") else {
        throw RequestFailure(417, "the only expectation met here is 100-continue")
      }
      expectsContinue = framing != .length(0)
    }
  }

  private mutating func frameChunked(_ codings: String) throws(RequestFailure) {
    guard contentLength == nil else {
      throw RequestFailure(400, "there are both Transfer-Encoding and Content-Length")
    }
    guard minorVersion > 0 else {
      throw RequestFailure(400, "HTTP/1.0 has no Transfer-Encoding")
    }
    let names = codings.split(separator: ",", omittingEmptySubsequences: false).map { coding in
      String(coding.drop { $0 == " " || $0 == "\t" })
    }.map { coding in
      String(coding[..<(coding.firstIndex { $0 == " " || $0 == "\t" } ?? coding.endIndex)])
    }
    guard let last = names.last, ByteClass.isSame(last, "chunked") else {
      if names.contains(where: { ByteClass.isSame($0, "chunked") || $0.isEmpty }) {
        throw RequestFailure(400, "chunked is not the last transfer coding")
      }
      throw RequestFailure(501, "the only transfer coding understood here is chunked")
    }
    guard names.count == 1 else {
      if names.dropLast().contains(where: { ByteClass.isSame($0, "chunked") || $0.isEmpty }) {
        throw RequestFailure(400, "the transfer codings are malformed")
      }
      throw RequestFailure(501, "the only transfer coding understood here is chunked")
    }
    framing = .chunked
  }
}

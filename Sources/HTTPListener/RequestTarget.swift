/// A request target in any of its forms (RFC 9112, section 3.2), decoded once.
struct RequestTarget {
  var path = ""
  var query: [(name: String, value: String)] = []
  /// The host and port of an absolute form, which then replace the Host field.
  var authority: String?

  /// Decodes the target of a request with that method.
  init(_ bytes: ArraySlice<UInt8>, method: String) throws(RequestFailure) {
    for byte in bytes where byte <= 0x20 || byte >= 0x7F || byte == UInt8(ascii: "#") {
      throw RequestFailure(400, "the request target holds a character that it may not hold")
    }
    guard let first = bytes.first else { throw RequestFailure(400, "there is no request target") }
    if method == "CONNECT" { throw RequestFailure(501, "this server is no proxy") }
    if first == UInt8(ascii: "/") {
      try decodeOrigin(bytes)
    } else if first == UInt8(ascii: "*"), bytes.count == 1 {
      guard method == "OPTIONS" else {
        throw RequestFailure(400, "the target * belongs to OPTIONS")
      }
      path = "*"
    } else {
      try decodeAbsolute(bytes, method: method)
    }
  }

  private mutating func decodeOrigin(_ bytes: ArraySlice<UInt8>) throws(RequestFailure) {
    guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else {
      path = try RequestTarget.decoded(bytes, plusIsSpace: false)
      return
    }
    path = try RequestTarget.decoded(bytes[..<mark], plusIsSpace: false)
    for pair in bytes[(mark + 1)...].split(separator: UInt8(ascii: "&")) {
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      let name = try RequestTarget.decoded(pair[..<equals], plusIsSpace: true)
      let value = try RequestTarget.decoded(pair[equals...].dropFirst(), plusIsSpace: true)
      query.append((name, value))
    }
  }

  private mutating func decodeAbsolute(
    _ bytes: ArraySlice<UInt8>,
    method: String
  ) throws(RequestFailure) {
    var rest = bytes
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      bytes[colon...].starts(with: [UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "/")])
    else { throw RequestFailure(400, "the request target is neither a path nor a URL") }
    let scheme = String(decoding: bytes[..<colon], as: UTF8.self)
    guard ByteClass.isSame(scheme, "http") || ByteClass.isSame(scheme, "https") else {
      throw RequestFailure(400, "the request target's scheme is not http or https")
    }
    rest = bytes[(colon + 3)...]
    let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
    let authority = rest[..<(end ?? rest.endIndex)]
    guard !authority.isEmpty, RequestTarget.isHost(authority) else {
      throw RequestFailure(400, "the request target's host is malformed")
    }
    self.authority = String(decoding: authority, as: UTF8.self)
    let tail = rest[(end ?? rest.endIndex)...]
    if tail.first == UInt8(ascii: "/") {
      try decodeOrigin(tail)
    } else if tail.isEmpty, method == "OPTIONS" {
      // What a proxy makes of OPTIONS for the whole server (RFC 9112, section 3.2.4).
      path = "*"
    } else {
      try decodeOrigin([UInt8(ascii: "/")] + tail)
    }
  }

  /// Whether the bytes are `uri-host [":" port]`; an empty host is allowed, as in an empty field.
  static func isHost(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    if rest.first == UInt8(ascii: "[") {
      guard let close = rest.firstIndex(of: UInt8(ascii: "]")), close > rest.startIndex + 1,
        rest[(rest.startIndex + 1)..<close].allSatisfy({
          ByteClass.isHost($0) || $0 == UInt8(ascii: ":")
        })
      else { return false }
      rest = rest[(close + 1)...]
    } else {
      rest = rest.drop { ByteClass.isHost($0) }
    }
    guard let colon = rest.first else { return true }
    return colon == UInt8(ascii: ":") && rest.count <= 6
      && rest.dropFirst().allSatisfy { ByteClass.isDigit($0) }
  }

  /// Percent-decoding, once; a bad escape and an escaped NUL are refused.
  private static func decoded(
    _ bytes: ArraySlice<UInt8>,
    plusIsSpace: Bool
  ) throws(RequestFailure) -> String {
    let percent = UInt8(ascii: "%")
    let plus = UInt8(ascii: "+")
    guard bytes.contains(where: { $0 == percent || plusIsSpace && $0 == plus }) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == percent {
        guard index + 2 < bytes.endIndex,
          let high = ByteClass.hexadecimal(bytes[index + 1]),
          let low = ByteClass.hexadecimal(bytes[index + 2])
        else { throw RequestFailure(400, "a percent sign is not followed by two hex digits") }
        guard high + low > 0 else { throw RequestFailure(400, "the request target escapes a NUL") }
        plain.append(UInt8(high * 16 + low))
        index += 3
      } else {
        plain.append(plusIsSpace && byte == plus ? 0x20 : byte)
        index += 1
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }
}

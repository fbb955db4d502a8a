private import Glibc

/// A vendor's base address: scheme, host, port and path of RFC 3986, and nothing else.
struct AbsoluteURL {
  /// What is wrong with a text; never quotes it.
  struct Failure: Error, Equatable {
    let reason: String
    /// Whether the text may be shown: not where it could hold a password.
    let mayBeShown: Bool
  }

  /// Scheme and host in lower case, the path as given without trailing slashes.
  let text: String

  /// Takes an absolute URL apart.
  init(_ text: String, schemes: [String]) throws(Failure) {
    let prefixes = schemes.map { $0 + "://" }
    let lowercased = text.lowercased()
    let mayBeShown = !text.contains("@")
    func failure(_ reason: String) -> Failure { Failure(reason: reason, mayBeShown: mayBeShown) }

    guard text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
      throw failure("must be a URL of ASCII characters without spaces")
    }
    guard let prefix = prefixes.first(where: { lowercased.hasPrefix($0) }) else {
      let starts = prefixes.joined(separator: " or ")
      throw failure("must be an absolute URL that begins with \(starts)")
    }
    let rest = text.dropFirst(prefix.count)
    let authority = rest.prefix { !"/?#".contains($0) }
    let path = rest[authority.endIndex...]
    guard !authority.contains("@") else {
      throw failure("must not hold a user name or a password; credentials have their own keys")
    }
    guard !path.contains(where: { "?#".contains($0) }) else {
      // A query is a likely place for a token.
      throw Failure(reason: "must not have a query or a fragment", mayBeShown: false)
    }
    guard Self.isPath(path) else {
      throw failure("must not have other characters in its path than RFC 3986 allows")
    }
    let (host, port) = Self.split(authority)
    guard Self.isHost(host) else { throw failure("must have a valid host name or address") }
    guard port.map(Self.isPort) ?? true else {
      throw failure("must have a port from 1 to 65535, or none")
    }
    var kept = path
    while kept.last == "/" { kept.removeLast() }
    self.text = prefix + authority.lowercased() + kept
  }

  /// Splits at the colon before the port, which is never one inside `[...]`.
  private static func split(_ authority: Substring) -> (host: Substring, port: Substring?) {
    let end = authority.first == "[" ? authority.lastIndex(of: "]") : authority.startIndex
    guard let end, let colon = authority[end...].firstIndex(of: ":") else {
      return (authority, nil)
    }
    return (authority[..<colon], authority[authority.index(after: colon)...])
  }

  private static func isHost(_ host: Substring) -> Bool {
    if host.first == "[" {
      guard host.last == "]" else { return false }
      var address = in6_addr()
      return unsafe inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1
    }
    guard !host.isEmpty, host.utf8.count <= 253 else { return false }
    var labels = host.split(separator: ".", omittingEmptySubsequences: false)
    // One final dot names the root.
    if labels.count > 1, labels.last == "" { labels.removeLast() }
    return labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy { isAlphanumeric($0) || "-_".utf8.contains($0) }
    }
  }

  private static func isPort(_ port: Substring) -> Bool {
    guard port.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
      return false
    }
    return Int(port).map { 1...65_535 ~= $0 } ?? false
  }

  /// RFC 3986, section 3.3: unreserved, percent-encoded, sub-delims, `:`, `@` and `/`.
  private static func isPath(_ path: Substring) -> Bool {
    var rest = path.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard rest.count >= 2, rest.prefix(2).allSatisfy(isHexadecimal) else { return false }
        rest = rest.dropFirst(2)
      } else if !isAlphanumeric(byte), !"-._~!$&'()*+,;=:@/".utf8.contains(byte) {
        return false
      }
    }
    return true
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    Character(Unicode.Scalar(byte)).isHexDigit
  }
}

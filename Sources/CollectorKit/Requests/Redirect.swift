import HTTPTransport

/// Which redirects are followed: those that keep the scheme, the host, the port and the method,
/// for every request carries a secret.
enum Redirect {
  /// The URL to ask next, or nil where the answer is no redirect to follow.
  static func target(of response: HTTPClientResponse, to request: HTTPClientRequest) -> String? {
    let keepsMethod =
      response.status == 307 || response.status == 308
      || ((301...303).contains(response.status) && request.method == "GET")
    guard keepsMethod, let location = response.field("location"), isPlain(location),
      let base = authority(of: request.url)
    else { return nil }
    if location.hasPrefix("/"), !location.hasPrefix("//") { return base + location }
    guard let other = authority(of: location), normalized(other) == normalized(base) else {
      return nil
    }
    return location
  }

  /// Visible ASCII without backslashes, as RFC 3986 has it: parsers differ in where they see the
  /// host in anything else, and libcurl takes `https://ours\@theirs/` for a URL of theirs.
  private static func isPlain(_ location: String) -> Bool {
    !location.isEmpty
      && location.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
  }

  /// Scheme, host and port as they are written: `https://host:port`.
  private static func authority(of url: String) -> String? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
    guard !authority.isEmpty, !authority.contains("@") else { return nil }
    return String(url[..<scheme.upperBound]) + authority
  }

  /// The origin (RFC 6454): lower case, without the scheme's own port.
  private static func normalized(_ authority: String) -> String {
    let lower = authority.lowercased()
    for (scheme, port) in [("https://", ":443"), ("http://", ":80")]
    where lower.hasPrefix(scheme) && lower.hasSuffix(port) {
      return String(lower.dropLast(port.utf8.count))
    }
    return lower
  }

  /// An address fit for a message: what follows `?` may hold anything.
  static func withoutQuery(_ url: String) -> String {
    ErrorEnvelope.printable(String(url.prefix { $0 != "?" && $0 != "#" }))
  }
}

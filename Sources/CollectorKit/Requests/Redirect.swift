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
      let base = Reference(request.url), let reference = Reference(location),
      let origin = base.origin
    else { return nil }
    let target = reference.resolved(against: base)
    return target.origin.map(normalized) == normalized(origin) ? target.text : nil
  }

  /// Visible ASCII without backslashes, as RFC 3986 has it: parsers differ in where they see the
  /// host in anything else, and libcurl takes `https://ours\@theirs/` for a URL of theirs.
  private static func isPlain(_ location: String) -> Bool {
    location.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
  }

  /// The origin (RFC 6454): lower case, without the scheme's own port.
  private static func normalized(_ origin: String) -> String {
    let lower = origin.lowercased()
    for (scheme, port) in [("https://", ":443"), ("http://", ":80")]
    where lower.hasPrefix(scheme) && lower.hasSuffix(port) {
      return String(lower.dropLast(port.utf8.count))
    }
    return lower
  }

  /// An address fit for a message: what follows `?` may hold anything.
  static func withoutQuery(_ url: String) -> String {
    String(url.prefix { $0 != "?" && $0 != "#" })
  }
}

/// A URI or a relative reference in its parts (RFC 3986, section 3); the fragment is left out, for
/// no request has one.
private struct Reference {
  private var scheme: Substring?
  private var authority: Substring?
  private var path: String
  private var query: Substring?

  /// Takes a text apart (RFC 3986, appendix B); nil where what is before the first colon is no
  /// scheme.
  init?(_ text: String) {
    var rest = text.prefix { $0 != "#" }
    if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains(where: { "/?".contains($0) })
    {
      scheme = rest[..<colon]
      rest = rest[rest.index(after: colon)...]
      let isScheme =
        scheme?.first.map { $0.isASCII && $0.isLetter } ?? false
        && scheme?.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
          ?? false
      guard isScheme else { return nil }
    }
    if rest.hasPrefix("//") {
      let end = rest.dropFirst(2).firstIndex { "/?".contains($0) } ?? rest.endIndex
      authority = rest[..<end].dropFirst(2)
      rest = rest[end...]
    }
    if let mark = rest.firstIndex(of: "?") {
      query = rest[rest.index(after: mark)...]
      rest = rest[..<mark]
    }
    path = String(rest)
  }

  /// Scheme, host and port; nil where there is no host, or a user before it.
  var origin: String? {
    guard let scheme, let authority, !authority.isEmpty, !authority.contains("@") else {
      return nil
    }
    return "\(scheme)://\(authority)"
  }

  /// RFC 3986, section 5.3.
  var text: String {
    (scheme.map { "\($0):" } ?? "") + (authority.map { "//\($0)" } ?? "") + path
      + (query.map { "?\($0)" } ?? "")
  }

  /// RFC 3986, section 5.2.2.
  func resolved(against base: Reference) -> Reference {
    var target = self
    if scheme == nil {
      target.scheme = base.scheme
      if authority == nil {
        target.authority = base.authority
        if path.isEmpty {
          target.path = base.path
          target.query = query ?? base.query
          return target
        }
        if !path.hasPrefix("/") { target.path = base.merged(with: path) }
      }
    }
    target.path = Reference.withoutDots(target.path)
    return target
  }

  /// RFC 3986, section 5.2.3.
  private func merged(with relative: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "/" + relative }
    return path[...slash] + relative
  }

  /// RFC 3986, section 5.2.4.
  private static func withoutDots(_ path: String) -> String {
    guard path.hasPrefix("/") else { return path }
    var segments: [Substring] = []
    let all = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    for (index, segment) in all.enumerated() {
      let isLast = index == all.count - 1
      switch segment {
      case ".": if isLast { segments.append("") }
      case "..":
        _ = segments.popLast()
        if isLast { segments.append("") }
      default: segments.append(segment)
      }
    }
    return "/" + segments.joined(separator: "/")
  }
}

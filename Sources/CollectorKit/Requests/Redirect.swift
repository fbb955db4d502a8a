import HTTPTransport

/// Which redirects are followed: those that keep the scheme, the host, the port and the method,
/// for every request carries a secret.
enum Redirect {
  /// The URL to ask next, or nil where the answer is no redirect to follow.
  static func target(of response: HTTPClientResponse, to request: HTTPClientRequest) -> String? {
    let keepsMethod =
      response.status == 307 || response.status == 308
      || ((301...303).contains(response.status) && request.method == "GET")
    guard keepsMethod, let location = response.field("location"), !location.isEmpty,
      let origin = origin(of: request.url)
    else { return nil }
    if location.hasPrefix("/"), !location.hasPrefix("//") { return origin + location }
    guard let other = Redirect.origin(of: location), other.lowercased() == origin.lowercased()
    else { return nil }
    return location
  }

  /// Scheme, host and port: `https://host:port`.
  static func origin(of url: String) -> String? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let authority = url[scheme.upperBound...].prefix { !"/?#\\".contains($0) }
    guard !authority.isEmpty, !authority.contains("@") else { return nil }
    return String(url[..<scheme.upperBound]) + authority
  }

  /// An address fit for a message: what follows `?` may hold anything.
  static func withoutQuery(_ url: String) -> String {
    ErrorEnvelope.printable(String(url.prefix { $0 != "?" && $0 != "#" }))
  }
}

/// A proxy with its credentials apart from its address, so that no message can hold them.
struct ProxyServer: Sendable {
  /// Scheme, host and port.
  let url: String
  /// Host and port, for messages.
  let endpoint: String
  /// What the proxy asks for, decoded.
  let credentials: Credentials?

  struct Credentials: Sendable {
    let user: String
    let password: String
  }

  /// Reads `proxy_url`.
  init(_ text: String) throws(TransportError) {
    let parsed: ParsedURL
    switch ParsedURL.parse(text) {
    case .success(let url):
      parsed = url
    case .failure(let malformed):
      throw TransportError(
        code: .invalidRequest,
        message: "the proxy's URL is malformed: \(malformed.reason)"
      )
    }
    // As in Prometheus, a SOCKS proxy resolves the vendor's name itself.
    let schemes = ["http": "http", "https": "https", "socks5": "socks5h", "socks5h": "socks5h"]
    guard let scheme = schemes[parsed.scheme] else {
      throw TransportError(
        code: .invalidRequest,
        message: "the proxy's URL has the scheme \(parsed.scheme); use http, https or socks5"
      )
    }
    endpoint = "\(parsed.host):\(parsed.port)"
    url = "\(scheme)://\(endpoint)"
    credentials = parsed.user.map { Credentials(user: $0, password: parsed.password ?? "") }
  }
}

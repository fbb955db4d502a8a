/// How the connection to a target is made: Prometheus' HTTP client keys.
public struct ConnectionOptions: Sendable, Hashable {
  /// The lowest TLS version that is accepted.
  public enum TLSVersion: String, Sendable, CaseIterable {
    case tls10 = "TLS10"
    case tls11 = "TLS11"
    case tls12 = "TLS12"
    case tls13 = "TLS13"
  }

  /// `http://`, `https://` or `socks5://` with an optional user and password; nil uses none,
  /// whatever the environment says.
  public var proxyURL: String?
  /// Hosts, comma-separated, that are reached without the proxy.
  public var noProxy: String?
  /// A PEM file with the authorities to trust instead of the system's.
  public var caFile: String?
  /// A PEM file with the client's certificate.
  public var certificateFile: String?
  /// A PEM file with the client certificate's key.
  public var keyFile: String?
  /// The name to ask for and to verify instead of the URL's host.
  public var serverName: String?
  /// The lowest TLS version; TLS 1.2 where nothing else is said.
  public var minimumTLSVersion: TLSVersion = .tls12
  /// Turns certificate verification off.
  public var skipsVerification = false

  /// No proxy, the system's authorities, TLS 1.2 and up.
  public init() {}
}

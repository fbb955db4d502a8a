/// Certificates or a key in PEM.
public enum TLSMaterial: Sendable, Hashable {
  /// In a file of this path.
  case file(String)
  /// The text itself.
  case text(String)

  /// The file's path; nil for a text.
  public var file: String? {
    guard case .file(let path) = self else { return nil }
    return path
  }

  /// What messages call it: a text is never shown.
  var name: String { file ?? "the text" }
}

/// What a TLS server is made of; names and defaults are those of Prometheus' exporters.
public struct TLSSettings: Sendable, Hashable {
  /// The certificate chain, the server's own first.
  public var certificate: TLSMaterial
  /// The private key, without a password.
  public var key: TLSMaterial
  /// What clients have to show.
  public var clientAuthentication = TLSClientAuthentication.none
  /// The authorities that clients' certificates are checked against.
  public var clientAuthority: TLSMaterial?
  /// Names of which a client's certificate must have one, so that there must be one; empty allows
  /// all.
  public var allowedClientNames: [String] = []
  /// The oldest version that is spoken.
  public var minVersion = TLSVersion.tls12
  /// The newest version that is spoken.
  public var maxVersion = TLSVersion.tls13
  /// The suites that are offered; empty stands for the strong ones.
  public var cipherSuites: [TLSCipherSuite] = []
  /// Whether the server's order of suites counts.
  public var prefersOwnCipherSuites = true
  /// The curves for the key exchange, best first; empty stands for OpenSSL's own.
  public var curves: [TLSCurve] = []

  /// Settings with the defaults, this certificate and its key.
  public init(certificate: TLSMaterial, key: TLSMaterial) {
    self.certificate = certificate
    self.key = key
  }
}

/// What clients have to show; the raw values are the configuration's words, which are Go's.
public enum TLSClientAuthentication: String, Sendable, CaseIterable {
  /// No certificate is asked for.
  case none = "NoClientCert"
  /// One is asked for and not looked at.
  case request = "RequestClientCert"
  /// One is needed and not verified.
  case requireAny = "RequireAnyClientCert"
  /// One that is shown is verified.
  case verifyIfGiven = "VerifyClientCertIfGiven"
  /// One is needed and verified.
  case requireAndVerify = "RequireAndVerifyClientCert"

  /// Whether a client without a certificate is refused.
  var isRequired: Bool { self == .requireAny || self == .requireAndVerify }

  /// Whether certificates are checked against the authorities.
  public var isVerified: Bool { self == .verifyIfGiven || self == .requireAndVerify }
}

/// A version of TLS by Go's name.
public enum TLSVersion: String, Sendable, CaseIterable {
  /// TLS 1.0 (RFC 2246), deprecated by RFC 8996.
  case tls10 = "TLS10"
  /// TLS 1.1 (RFC 4346), deprecated by RFC 8996.
  case tls11 = "TLS11"
  /// TLS 1.2 (RFC 5246).
  case tls12 = "TLS12"
  /// TLS 1.3 (RFC 8446).
  case tls13 = "TLS13"

  /// The number on the wire.
  public var number: Int32 {
    switch self {
    case .tls10: 0x0301
    case .tls11: 0x0302
    case .tls12: 0x0303
    case .tls13: 0x0304
    }
  }
}

/// A curve for the key exchange by Go's name.
public enum TLSCurve: String, Sendable, CaseIterable {
  /// NIST's P-256.
  case p256 = "CurveP256"
  /// NIST's P-384.
  case p384 = "CurveP384"
  /// NIST's P-521.
  case p521 = "CurveP521"
  /// Curve25519 (RFC 7748).
  case x25519 = "X25519"

  /// OpenSSL's name.
  var group: String {
    switch self {
    case .p256: "P-256"
    case .p384: "P-384"
    case .p521: "P-521"
    case .x25519: "X25519"
    }
  }
}

/// A cipher suite by its name in Go, which is IANA's: those that Go does not call insecure.
public enum TLSCipherSuite: String, Sendable, CaseIterable {
  /// TLS 1.3, always offered with that version.
  case aes128GCM = "TLS_AES_128_GCM_SHA256"
  /// TLS 1.3, always offered with that version.
  case aes256GCM = "TLS_AES_256_GCM_SHA384"
  /// TLS 1.3, always offered with that version.
  case chacha20 = "TLS_CHACHA20_POLY1305_SHA256"
  /// TLS 1.2.
  case ecdsaAES128GCM = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
  /// TLS 1.2.
  case ecdsaAES256GCM = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
  /// TLS 1.2.
  case ecdsaChacha20 = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
  /// TLS 1.2.
  case rsaAES128GCM = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
  /// TLS 1.2.
  case rsaAES256GCM = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
  /// TLS 1.2.
  case rsaChacha20 = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
  /// TLS 1.0 to 1.2, only where it is asked for.
  case ecdsaAES128CBC = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
  /// TLS 1.0 to 1.2, only where it is asked for.
  case ecdsaAES256CBC = "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"
  /// TLS 1.0 to 1.2, only where it is asked for.
  case rsaAES128CBC = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"
  /// TLS 1.0 to 1.2, only where it is asked for.
  case rsaAES256CBC = "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"

  /// OpenSSL's name; nil for the suites of TLS 1.3, which are not for choosing in Go either.
  var legacyName: String? {
    switch self {
    case .aes128GCM, .aes256GCM, .chacha20: nil
    case .ecdsaAES128GCM: "ECDHE-ECDSA-AES128-GCM-SHA256"
    case .ecdsaAES256GCM: "ECDHE-ECDSA-AES256-GCM-SHA384"
    case .ecdsaChacha20: "ECDHE-ECDSA-CHACHA20-POLY1305"
    case .rsaAES128GCM: "ECDHE-RSA-AES128-GCM-SHA256"
    case .rsaAES256GCM: "ECDHE-RSA-AES256-GCM-SHA384"
    case .rsaChacha20: "ECDHE-RSA-CHACHA20-POLY1305"
    case .ecdsaAES128CBC: "ECDHE-ECDSA-AES128-SHA"
    case .ecdsaAES256CBC: "ECDHE-ECDSA-AES256-SHA"
    case .rsaAES128CBC: "ECDHE-RSA-AES128-SHA"
    case .rsaAES256CBC: "ECDHE-RSA-AES256-SHA"
    }
  }

  /// Whether the suite works below TLS 1.3.
  public var isLegacy: Bool { legacyName != nil }

  /// What is offered below TLS 1.3 where nothing is chosen: forward secrecy and AEAD; the old
  /// versions have no such suites and get AES-CBC as well.
  static func defaults(minVersion: TLSVersion) -> String {
    let strong = "ECDHE+AESGCM:ECDHE+CHACHA20"
    return minVersion == .tls10 || minVersion == .tls11 ? strong + ":ECDHE+AES+SHA1" : strong
  }
}

import COpenSSL

#if canImport(Glibc)
import Glibc
#endif

/// A TLS server's certificate and rules, ready for connections.
///
/// The files are read once, here; a changed file takes another context, and connections keep the
/// one they began with.
@safe public final class TLSContext: Sendable {
  /// OpenSSL's context: not changed after `init`, and its reference count is atomic.
  private nonisolated(unsafe) let context: OpaquePointer
  /// The allowed names, one a line, which the context points to.
  private nonisolated(unsafe) let names: UnsafeMutablePointer<CChar>?

  /// Reads the files.
  ///
  /// - Throws: `TLSError` for a file that cannot be used, or for what OpenSSL does not offer.
  public init(_ settings: TLSSettings) throws(TLSError) {
    ERR_clear_error()
    // Suites of TLS 1.3 alone leave the older versions without any.
    let legacy = settings.cipherSuites.compactMap(\.legacyName)
    let isModern = !settings.cipherSuites.isEmpty && legacy.isEmpty
    let min = isModern ? TLSVersion.tls13 : settings.minVersion
    let made = unsafe cx_tls_server(
      min.number,
      settings.maxVersion.number,
      settings.prefersOwnCipherSuites ? 1 : 0
    )
    guard let made = unsafe made else {
      throw TLSContext.error(.versions, "OpenSSL does not offer these versions")
    }
    let lines = settings.allowedClientNames.joined(separator: "\n")
    unsafe context = made
    unsafe names = lines.isEmpty ? nil : strdup(lines)
    let suites =
      legacy.isEmpty
      ? TLSCipherSuite.defaults(minVersion: settings.minVersion) : legacy.joined(separator: ":")
    guard unsafe SSL_CTX_set_cipher_list(context, suites) == 1 else {
      throw TLSContext.error(.cipherSuites, "OpenSSL does not offer them")
    }
    if !settings.curves.isEmpty {
      let groups = settings.curves.map(\.group).joined(separator: ":")
      guard unsafe cx_tls_set_groups(context, groups) == 1 else {
        throw TLSContext.error(.curves, "OpenSSL does not offer them")
      }
    }
    try useFiles(settings)
  }

  private func useFiles(_ settings: TLSSettings) throws(TLSError) {
    let certificate = settings.certificate
    guard unsafe use(certificate, { unsafe cx_tls_use_chain(context, $0) }) else {
      throw TLSContext.error(.certificate, "no certificate in \(certificate.name)")
    }
    guard unsafe use(settings.key, { unsafe cx_tls_use_key(context, $0) }),
      unsafe SSL_CTX_check_private_key(context) == 1
    else {
      throw TLSContext.error(.key, "no key for the certificate in \(settings.key.name)")
    }
    if let authority = settings.clientAuthority {
      guard unsafe use(authority, { unsafe cx_tls_use_client_ca(context, $0) }) else {
        throw TLSContext.error(.clientAuthority, "no certificate in \(authority.name)")
      }
    }
    let client = settings.clientAuthentication
    if client != .none {
      let isRequired = client.isRequired || !settings.allowedClientNames.isEmpty
      unsafe cx_tls_ask_client(context, isRequired ? 1 : 0, client.isVerified ? 1 : 0, names)
    }
  }

  /// Hands PEM to OpenSSL, which frees what it reads from.
  private func use(_ material: TLSMaterial, _ take: (OpaquePointer?) -> Int32) -> Bool {
    switch material {
    case .file(let path):
      return unsafe take(cx_tls_open(path, nil, 0)) == 1
    case .text(let text):
      let bytes = Array(text.utf8)
      return unsafe bytes.withUnsafeBytes { buffer in
        unsafe take(cx_tls_open(nil, buffer.baseAddress, Int32(buffer.count))) == 1
      }
    }
  }

  deinit {
    unsafe SSL_CTX_free(context)
    unsafe free(names)
  }

  /// A connection's own state over that socket, or nil without memory; the caller frees it.
  func makeConnection(over descriptor: Int32) -> OpaquePointer? {
    guard let ssl = unsafe SSL_new(context) else { return nil }
    guard unsafe SSL_set_fd(ssl, descriptor) == 1 else {
      unsafe SSL_free(ssl)
      return nil
    }
    unsafe SSL_set_accept_state(ssl)
    return unsafe ssl
  }

  private static func error(_ setting: TLSError.Setting, _ what: String) -> TLSError {
    let reason = unsafe String(cString: cx_tls_error())
    ERR_clear_error()
    return TLSError(setting: setting, message: "\(what): \(reason)")
  }
}

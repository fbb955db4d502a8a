import ConfigurationFile
import HTTPListener

/// The file of `--web.config.file`, in the format of Prometheus' exporter-toolkit.
struct WebConfiguration: Sendable {
  /// What TLS is made of; nil for plain HTTP.
  let tls: TLSSettings?
  /// The users that may ask; empty for everybody.
  let users: [String: PasswordHash]
  /// Fields for every answer.
  let headers: [(name: String, value: String)]
  /// What is doubtful but can be run.
  let warnings: [ConfigurationIssue]
  /// The place of each of TLS' settings, for errors that show only in the files.
  private let places: [TLSError.Setting: (key: String, mark: Mark)]
  private let file: String

  /// The fields that may be set, with the values that each may have where these are few.
  static let allowedHeaders: [String: [String]] = [
    "Content-Security-Policy": [],
    "Strict-Transport-Security": [],
    "X-Content-Type-Options": ["nosniff"],
    "X-Frame-Options": ["deny", "sameorigin"],
    "X-XSS-Protection": [],
  ]

  /// Reads a file; a `$` in it is a dollar, as hashes need it.
  ///
  /// - Throws: `ConfigurationError` with every error in it.
  static func load(path: String) throws(ConfigurationError) -> WebConfiguration {
    try WebConfiguration(ConfigurationDocument.load(path: path, environment: nil))
  }

  /// Decodes a document; the files that it names are not read.
  ///
  /// - Throws: `ConfigurationError` with every error in it.
  init(_ document: ConfigurationDocument) throws(ConfigurationError) {
    file = document.file
    let diagnostics = Diagnostics(file: document.file)
    let root = document.root(diagnostics)
    var places: [TLSError.Setting: (key: String, mark: Mark)] = [:]
    var tls: TLSSettings?
    if let section = root.section("tls_server_config") {
      tls = WebConfiguration.tls(section)
      for (setting, key) in WebConfiguration.keys {
        places[setting] = (section.keyPath(key), section.mark(of: key))
      }
      section.finish()
    }
    self.tls = tls
    self.places = places
    users = WebConfiguration.users(root)
    if let section = root.section("http_server_config") {
      if section.boolean("http2") == true {
        section.warn("is ignored: the listener speaks HTTP/1.1", at: "http2")
      }
      headers = WebConfiguration.headers(section)
      section.finish()
    } else {
      headers = []
    }
    root.finish()
    try diagnostics.throwIfErrors()
    warnings = diagnostics.warnings
  }

  /// The files that the file names.
  var files: [String] {
    guard let tls else { return [] }
    return [tls.certificateFile, tls.keyFile] + (tls.clientAuthorityFile.map { [$0] } ?? [])
  }

  /// Reads certificates and keys; nil for plain HTTP.
  ///
  /// - Throws: `ConfigurationError` at the key that names what cannot be used.
  func makeContext() throws(ConfigurationError) -> TLSContext? {
    guard let tls else { return nil }
    do {
      return try TLSContext(tls)
    } catch {
      let place = places[error.setting]
      throw ConfigurationError(issues: [
        ConfigurationIssue(
          severity: .error,
          file: file,
          mark: place?.mark,
          keyPath: place?.key ?? "",
          message: error.message
        )
      ])
    }
  }

  private static let keys: [(TLSError.Setting, String)] = [
    (.certificate, "cert_file"), (.key, "key_file"), (.clientAuthority, "client_ca_file"),
    (.cipherSuites, "cipher_suites"), (.curves, "curve_preferences"), (.versions, "min_version"),
  ]

  private static func tls(_ section: Section) -> TLSSettings? {
    section.require("cert_file")
    section.require("key_file")
    let certificate = section.path("cert_file")
    let key = section.path("key_file")
    var settings = TLSSettings(certificateFile: certificate ?? "", keyFile: key ?? "")
    readClientRules(section, into: &settings)
    if let version = section.choice("min_version", as: TLSVersion.self) {
      settings.minVersion = version
    }
    if let version = section.choice("max_version", as: TLSVersion.self) {
      settings.maxVersion = version
    }
    if settings.minVersion.number > settings.maxVersion.number {
      let key = section.has("max_version") ? "max_version" : "min_version"
      section.report(
        "min_version is \(settings.minVersion.rawValue) and max_version "
          + "\(settings.maxVersion.rawValue): there is no version between them",
        at: key
      )
    }
    settings.cipherSuites = section.choices("cipher_suites", as: TLSCipherSuite.self) ?? []
    if settings.maxVersion != .tls13, !settings.cipherSuites.isEmpty,
      !settings.cipherSuites.contains(where: \.isLegacy)
    {
      section.report("has no suite for \(settings.maxVersion.rawValue)", at: "cipher_suites")
    }
    settings.prefersOwnCipherSuites = section.boolean("prefer_server_cipher_suites") ?? true
    settings.curves = section.choices("curve_preferences", as: TLSCurve.self) ?? []
    return certificate == nil || key == nil ? nil : settings
  }

  private static func readClientRules(_ section: Section, into settings: inout TLSSettings) {
    // Go's older name for the same rule, which exporters keep.
    if case .scalar(let word)? = section.node("client_auth_type")?.content,
      word.text == "RequireClientCert"
    {
      settings.clientAuthentication = .requireAny
    } else if let rule = section.choice("client_auth_type", as: TLSClientAuthentication.self) {
      settings.clientAuthentication = rule
    }
    settings.clientAuthorityFile = section.path("client_ca_file")
    let rule = settings.clientAuthentication
    if section.has("client_ca_file"), rule == .none {
      section.report("needs a client_auth_type that asks for certificates", at: "client_ca_file")
    }
    if rule.isVerified, !section.has("client_ca_file") {
      section.report("\(rule.rawValue) needs a client_ca_file", at: "client_auth_type")
    }
    let names = section.strings("client_allowed_sans") ?? []
    settings.allowedClientNames = names
    if !names.isEmpty, !rule.isVerified {
      section.report(
        "needs client_auth_type VerifyClientCertIfGiven or RequireAndVerifyClientCert",
        at: "client_allowed_sans"
      )
    }
    if names.contains(where: { $0.utf8.contains { $0 < 0x20 } }) {
      section.report("has a name with a control character", at: "client_allowed_sans")
    }
  }

  private static func users(_ root: Section) -> [String: PasswordHash] {
    var users: [String: PasswordHash] = [:]
    for (name, secret, mark) in root.secretMap("basic_auth_users") ?? [] {
      let path = root.keyPath("basic_auth_users") + "." + name
      if name.isEmpty || name.contains(":") {
        root.diagnostics.report(
          "a user's name is not empty and has no colon",
          at: mark,
          keyPath: path
        )
      }
      guard let text = try? secret.value(), let hash = PasswordHash(text) else {
        root.diagnostics.report(
          "must be a bcrypt hash that starts with $2a$, $2b$ or $2y$; make one with htpasswd -nB",
          at: mark,
          keyPath: path
        )
        continue
      }
      if hash.cost > 14 {
        root.diagnostics.warn(
          "cost \(hash.cost) takes seconds for each login; 10 to 12 is usual",
          at: mark,
          keyPath: path
        )
      }
      users[name] = hash
    }
    return users
  }

  private static func headers(_ section: Section) -> [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    for (name, value, mark) in section.stringMap("headers") ?? [] {
      let path = section.keyPath("headers") + "." + name
      guard let allowed = allowedHeaders[name] else {
        let names = allowedHeaders.keys.sorted().joined(separator: ", ")
        section.diagnostics.report("cannot be set; only \(names) can", at: mark, keyPath: path)
        continue
      }
      if !allowed.isEmpty, !allowed.contains(value) {
        let words = allowed.joined(separator: " or ")
        section.diagnostics.report("must be \(words)", at: mark, keyPath: path)
      }
      // RFC 9110, section 5.5: a line end would begin another field.
      if value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
        section.diagnostics.report("has a control character", at: mark, keyPath: path)
      }
      headers.append((name, value))
    }
    return headers
  }
}

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
    try WebConfiguration(
      ConfigurationDocument.load(path: path, environment: nil, mayBeEmpty: true)
    )
  }

  /// Decodes a document; the files that it names are not read.
  ///
  /// - Throws: `ConfigurationError` with every error in it.
  init(_ document: ConfigurationDocument) throws(ConfigurationError) {
    file = document.file
    let diagnostics = Diagnostics(file: document.file)
    let root = document.root(diagnostics, nullIsAbsent: true)
    var places: [TLSError.Setting: (key: String, mark: Mark)] = [:]
    var tls: TLSSettings?
    if let section = root.section("tls_server_config") {
      tls = WebConfiguration.tls(section)
      for (setting, keys) in WebConfiguration.keys {
        let key = keys.first { section.has($0) } ?? keys[0]
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
    WebConfiguration.warnOfRateLimit(root)
    root.finish()
    try diagnostics.throwIfErrors()
    warnings = diagnostics.warnings
  }

  /// The files that the file names.
  var files: [String] {
    guard let tls else { return [] }
    return [tls.certificate, tls.key, tls.clientAuthority].compactMap { $0?.file }
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

  private static let keys: [(TLSError.Setting, [String])] = [
    (.certificate, ["cert_file", "cert"]), (.key, ["key_file", "key"]),
    (.clientAuthority, ["client_ca_file", "client_ca"]), (.cipherSuites, ["cipher_suites"]),
    (.curves, ["curve_preferences"]), (.versions, ["min_version"]),
  ]

  /// Reads TLS' settings; nil if they turn TLS on with an error, or leave it off.
  private static func tls(_ section: Section) -> TLSSettings? {
    let certificate = material(section, "cert")
    let key = material(section, "key")
    let authority = material(section, "client_ca")
    let none = TLSMaterial.text("")
    var settings = TLSSettings(certificate: certificate ?? none, key: key ?? none)
    settings.clientAuthority = authority
    readClientRules(section, into: &settings)
    readVersions(section, into: &settings)
    // exporter-toolkit turns TLS on by any of these keys alone.
    let isOn = ["cert", "key", "client_ca"].contains { isGiven(section, $0) }
    guard isOn || section.node("client_auth_type").map({ !isBlank($0) }) ?? false else {
      if !section.keys.isEmpty { section.warn("names no certificate: TLS is off") }
      return nil
    }
    // A value of a wrong kind is reported already.
    for name in ["cert", "key"] where !isGiven(section, name) {
      section.reportMissing("\(name)_file", "; give \(name)_file, or \(name) with the PEM itself")
    }
    return certificate == nil || key == nil ? nil : settings
  }

  /// A file in PEM, or the text; the file counts if there are both, as in exporter-toolkit.
  private static func material(_ section: Section, _ key: String) -> TLSMaterial? {
    let fileKey = key + "_file"
    let text = section.hiddenText(key)
    if let node = section.node(fileKey), !isBlank(node) {
      if text != nil { section.warn("is ignored: \(fileKey) is given as well", at: key) }
      return section.path(fileKey).map { .file($0) }
    }
    return text.map { .text($0) }
  }

  private static func isGiven(_ section: Section, _ key: String) -> Bool {
    [key, key + "_file"].contains { section.node($0).map { !isBlank($0) } ?? false }
  }

  /// Whether this is the empty text, which counts as no value in exporter-toolkit.
  private static func isBlank(_ node: Node) -> Bool {
    guard case .scalar(let scalar) = node.content else { return false }
    return scalar.text.isEmpty
  }

  private static func readVersions(_ section: Section, into settings: inout TLSSettings) {
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
  }

  private static func readClientRules(_ section: Section, into settings: inout TLSSettings) {
    // Go's older name for the same rule, which exporters keep.
    let node = section.node("client_auth_type")
    if case .scalar(let word)? = node?.content, ["", "RequireClientCert"].contains(word.text) {
      settings.clientAuthentication = word.text.isEmpty ? .none : .requireAny
    } else if let rule = section.choice("client_auth_type", as: TLSClientAuthentication.self) {
      settings.clientAuthentication = rule
    }
    let rule = settings.clientAuthentication
    if settings.clientAuthority != nil, rule == .none {
      let key = settings.clientAuthority?.file == nil ? "client_ca" : "client_ca_file"
      section.report("needs a client_auth_type that asks for certificates", at: key)
    }
    if rule.isVerified, !isGiven(section, "client_ca") {
      section.report("\(rule.rawValue) needs a client_ca_file or client_ca", at: "client_auth_type")
    }
    let names = section.strings("client_allowed_sans") ?? []
    settings.allowedClientNames = names
    if case .sequence(let items)? = section.node("client_allowed_sans")?.content, items.isEmpty {
      section.report("is empty: no client could connect; leave it out", at: "client_allowed_sans")
    } else if !names.isEmpty, rule == .none || rule == .request {
      section.report(
        "needs a client_auth_type that demands or verifies a certificate, such as "
          + "RequireAndVerifyClientCert",
        at: "client_allowed_sans"
      )
    }
    if names.contains(where: { $0.utf8.contains { $0 < 0x20 } }) {
      section.report("has a name with a control character", at: "client_allowed_sans")
    }
  }

  /// Reads `rate_limit`, which this listener does not have.
  private static func warnOfRateLimit(_ root: Section) {
    guard let section = root.section("rate_limit") else { return }
    let interval = section.string("interval") ?? "0"
    let isBurstGood = section.integer("burst", in: 0...Int.max) != nil || !section.has("burst")
    if !isGoDuration(interval) {
      section.report("must be a duration such as 1s or 500ms", at: "interval")
    }
    section.finish()
    let isOff = interval.utf8.allSatisfy { !(0x31...0x39).contains($0) }
    if !isOff, isBurstGood {
      root.warn("is ignored: the listener does not limit requests", at: "rate_limit")
    }
  }

  /// Whether Go would read the text as a duration: nanoseconds, or numbers with units.
  private static func isGoDuration(_ text: String) -> Bool {
    var rest = Substring(text)
    if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
    if !rest.isEmpty, rest.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
    guard !rest.isEmpty else { return false }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      let units = ["ns", "us", "µs", "μs", "ms", "s", "m", "h"]
      guard number.contains(where: \.isNumber),
        let unit = units.first(where: { rest.hasPrefix($0) })
      else { return false }
      rest = rest.dropFirst(unit.count)
    }
    return true
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
      // Unset if blank, as exporter-toolkit's documentation says.
      if value.isEmpty, allowedHeaders[name] != nil { continue }
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

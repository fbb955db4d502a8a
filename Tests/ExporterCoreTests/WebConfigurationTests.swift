import ConfigurationFile
import HTTPListener
import Testing

@testable import ExporterCore

/// The format of Prometheus' exporter-toolkit, docs/web-configuration.md.
struct WebConfigurationTests {
  private static let hash = "$2y$04$abcdefghijklmnopqrstuu" + String(repeating: "a", count: 31)
  private static let files = "tls_server_config:\n  cert_file: c\n  key_file: k\n"

  struct Wrong: Sendable, CustomTestStringConvertible {
    let text: String
    let start: String
    var testDescription: String { start }
  }

  static let wrong = [
    Wrong(text: "tls_server_config: {cert_file: c, key_file: \"\"}\n", start: "web.yml:1:20: "),
    Wrong(
      text: "tls_server_config: {client_auth_type: NoClientCert, cert: c}\n",
      start: "web.yml:1:20: "
    ),
    Wrong(
      text: files + "  client_ca: x\n",
      start: "web.yml:4:14: tls_server_config.client_ca: needs"
    ),
    Wrong(text: files + "  client_allowed_sans: []\n", start: "web.yml:4:24: "),
    Wrong(
      text: files + "  client_auth_type: RequestClientCert\n  client_allowed_sans: [a]\n",
      start: "web.yml:5:24: "
    ),
    Wrong(text: "rate_limit: {interval: soon}\n", start: "web.yml:1:24: rate_limit.interval: "),
    Wrong(text: "rate_limit: {interval: 1s, burst: many}\n", start: "web.yml:1:35: "),
    Wrong(
      text: "rate_limit: {intervall: 1s}\n",
      start: "web.yml:1:14: rate_limit.intervall: unknown"
    ),
    Wrong(text: "rate_limits:\n", start: "web.yml:1:1: rate_limits: unknown key"),
    Wrong(text: "basic_auth_userz: {}\n", start: "web.yml:1:1: basic_auth_userz: unknown key"),
    Wrong(text: files + "  min_versoin: TLS12\n", start: "web.yml:4:3: "),
    Wrong(text: "tls_server_config:\n  cert_file: c\n", start: "web.yml:2:3: "),
    Wrong(text: "tls_server_config:\n  key_file: k\n", start: "web.yml:2:3: "),
    Wrong(text: files + "  min_version: TLS9\n", start: "web.yml:4:16: "),
    Wrong(text: files + "  max_version: SSL30\n", start: "web.yml:4:16: "),
    Wrong(text: files + "  min_version: TLS13\n  max_version: TLS12\n", start: "web.yml:5:16: "),
    Wrong(
      text: files + "  cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]\n",
      start: "web.yml:4:19: "
    ),
    Wrong(
      text: files + "  max_version: TLS12\n  cipher_suites: [TLS_AES_128_GCM_SHA256]\n",
      start: "web.yml:5:18: "
    ),
    Wrong(text: files + "  curve_preferences: [CurveP224]\n", start: "web.yml:4:23: "),
    Wrong(text: files + "  client_auth_type: Always\n", start: "web.yml:4:21: "),
    Wrong(
      text: files + "  client_auth_type: RequireAndVerifyClientCert\n",
      start: "web.yml:4:21: "
    ),
    Wrong(text: files + "  client_ca_file: ca\n", start: "web.yml:4:19: "),
    Wrong(text: files + "  client_allowed_sans: [a]\n", start: "web.yml:4:24: "),
    Wrong(text: files + "  prefer_server_cipher_suites: maybe\n", start: "web.yml:4:32: "),
    Wrong(text: "basic_auth_users:\n  a: secret\n", start: "web.yml:2:3: basic_auth_users.a: "),
    Wrong(text: "basic_auth_users:\n  \"a:b\": \(hash)\n", start: "web.yml:2:3: "),
    Wrong(text: "http_server_config:\n  headers:\n    X-Other: a\n", start: "web.yml:3:5: "),
    Wrong(
      text: "http_server_config:\n  headers:\n    X-Frame-Options: allow\n",
      start: "web.yml:3:5: "
    ),
    // A field cannot bring another one along, and a key cannot end the line of its error.
    Wrong(
      text:
        "http_server_config:\n  headers:\n    Content-Security-Policy: \"a\\r\\nSet-Cookie: b\"\n",
      start: "web.yml:3:5: http_server_config.headers.Content-Security-Policy: has a control"
    ),
    Wrong(
      text: "http_server_config:\n  headers:\n    \"X-\\tA\\n\": a\n",
      start: #"web.yml:3:5: http_server_config.headers.X-\tA\n: cannot be set"#
    ),
    Wrong(text: "http_server_config:\n  http2: 7\n", start: "web.yml:2:10: "),
  ]

  @Test(arguments: wrong)
  func aWrongFileIsToldWithItsPlace(_ wrong: Wrong) throws {
    let error = #expect(throws: ConfigurationError.self) {
      try WebConfiguration(
        ConfigurationDocument(text: wrong.text, file: "web.yml", environment: nil)
      )
    }
    let description = try #require(error).description
    #expect(description.hasPrefix(wrong.start), "\(description)")
    #expect(!description.contains("secret"))
    #expect(error?.issues.count == 1)
  }

  private func decode(_ text: String) throws -> WebConfiguration {
    try WebConfiguration(
      ConfigurationDocument(text: text, file: "/etc/web.yml", environment: nil, mayBeEmpty: true)
    )
  }

  /// What exporter-toolkit takes as no configuration at all.
  @Test(arguments: [
    "", "\n", "# nothing\n", "---\n", "~\n", "{}\n", "basic_auth_users:\n",
    "basic_auth_users: {}\n",
    "tls_server_config:\n", "tls_server_config: {}\n", "http_server_config:\n",
    "http_server_config:\n  headers:\n", "http_server_config:\n  http2:\n", "rate_limit:\n",
    "rate_limit: {interval: 0, burst: 5}\n", "rate_limit: {interval: 0s}\n",
    "http_server_config: {headers: {X-Frame-Options: \"\", X-XSS-Protection: }}\n",
  ])
  func nothingIsConfigured(_ text: String) throws {
    let configuration = try decode(text)
    #expect(configuration.tls == nil)
    #expect(configuration.users.isEmpty)
    #expect(configuration.headers.isEmpty)
    #expect(configuration.warnings.isEmpty)
    #expect(configuration.files.isEmpty)
  }

  @Test(arguments: ["1s", "500ms", "1m30s", "1.5h", "1000000000", "250µs"])
  func aRateLimitIsWarnedOf(_ interval: String) throws {
    let configuration = try decode("rate_limit: {interval: \(interval), burst: 20}\n")
    #expect(
      configuration.warnings.map(\.line) == [
        "warning: /etc/web.yml:1:13: rate_limit: is ignored: the listener does not limit requests"
      ]
    )
  }

  /// exporter-toolkit serves plain HTTP then.
  @Test func settingsOfTLSWithoutACertificateAreWarnedOf() throws {
    let configuration = try decode("tls_server_config: {min_version: TLS13, cert_file: \"\"}\n")
    #expect(configuration.tls == nil)
    #expect(configuration.warnings.map(\.message) == ["names no certificate: TLS is off"])
  }

  @Test func inlineMaterial() throws {
    let text = """
      tls_server_config:
        cert: |
          CERT
        key: "KEY"
        client_ca: CA
        client_auth_type: RequireAnyClientCert
        client_allowed_sans: [a]
      """
    let configuration = try decode(text)
    #expect(configuration.tls?.certificate == .text("CERT\n"))
    #expect(configuration.tls?.key == .text("KEY"))
    #expect(configuration.tls?.clientAuthority == .text("CA"))
    #expect(configuration.files.isEmpty)
    #expect(configuration.warnings.isEmpty)
    let error = #expect(throws: ConfigurationError.self) { try configuration.makeContext() }
    #expect(
      error?.description
        == "/etc/web.yml:2:9: tls_server_config.cert: no certificate in the text: no start line"
    )
  }

  /// As in exporter-toolkit the file counts.
  @Test func aFileBesideATextIsWarnedOf() throws {
    let configuration = try decode(WebConfigurationTests.files + "  cert: hidden\n  key: hidden\n")
    #expect(configuration.files == ["/etc/c", "/etc/k"])
    #expect(
      configuration.warnings.map(\.line) == [
        "warning: /etc/web.yml:4:9: tls_server_config.cert: is ignored: cert_file is given as well",
        "warning: /etc/web.yml:5:8: tls_server_config.key: is ignored: key_file is given as well",
      ]
    )
  }

  @Test(arguments: ["", "\"\"", "NoClientCert"])
  func noRuleForClients(_ rule: String) throws {
    let configuration = try decode(WebConfigurationTests.files + "  client_auth_type: \(rule)\n")
    #expect(configuration.tls?.clientAuthentication == TLSClientAuthentication.none)
  }

  @Test
  func everyKeyIsTaken() throws {
    let text =
      WebConfigurationTests.files + """
          client_auth_type: VerifyClientCertIfGiven
          client_ca_file: /ca
          client_allowed_sans: [a.example.com]
          min_version: TLS12
          max_version: TLS13
          cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
          prefer_server_cipher_suites: false
          curve_preferences: [X25519, CurveP256]
        basic_auth_users:
          prom: \(WebConfigurationTests.hash)
        http_server_config:
          http2: true
          headers: {X-Frame-Options: deny}
        """
    let configuration = try WebConfiguration(
      ConfigurationDocument(text: text, file: "/etc/web.yml", environment: nil)
    )
    #expect(configuration.files == ["/etc/c", "/etc/k", "/ca"])
    #expect(configuration.tls?.allowedClientNames == ["a.example.com"])
    #expect(configuration.tls?.prefersOwnCipherSuites == false)
    #expect(configuration.tls?.curves == [.x25519, .p256])
    #expect(configuration.users.keys.sorted() == ["prom"])
    #expect(configuration.headers.map(\.name) == ["X-Frame-Options"])
    #expect(configuration.warnings.count == 1)
  }
}

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

import HTTPTransport
import Testing

@testable import CollectorKit

/// No way of writing a secret in an answer gets past the mask.
@Suite struct SecretMaskTests {
  private static let secret = "k/e&y@5\"3"
  private static let fields = [
    HTTPField("X-API-Key", secret), HTTPField("Accept", "application/json"),
  ]

  private static func masked(_ body: String) -> String {
    SecretMask.masked(body, fields: fields)
  }

  /// RFC 8259, section 7: the ways to write a character of a string.
  @Test(arguments: [
    #"k/e&y@5"3"#, #"k\/e&y@5\"3"#, #"k/e\u0026y@5\u00223"#,
    #"\u006b\u002F\u0065\u0026\u0079\u0040\u0035\u0022\u0033"#,
  ]) func escapesHideNothing(written: String) {
    #expect(SecretMaskTests.masked("[\(written)\(written)]") == "[<secret><secret>]")
  }

  @Test(arguments: [
    #"{"error":"no"}"#, #"k/e&y@5"#, #"k\"#, #"\u006b\u002"#, "", #"\\\\\\"#, "application/json",
  ]) func otherBodiesStayAsTheyAre(body: String) {
    #expect(SecretMaskTests.masked(body) == body)
  }

  @Test func theAddressOfARedirect() {
    let address = "https://b.test/\(SecretMaskTests.secret)/x"
    #expect(SecretMaskTests.masked(address) == "https://b.test/<secret>/x")
  }

  /// A text may have been cut within the secret.
  @Test func aLongSecretThatIsCut() {
    let secret = "0123456789abcdef-0123456789abcdef"
    let fields = [HTTPField("auth", secret)]
    #expect(SecretMask.masked("no \(secret.prefix(20))…", fields: fields) == "no <secret>…")
    #expect(SecretMask.masked("no \(secret.prefix(15))…", fields: fields) == "no 0123456789abcde…")
  }

  @Test func percentEncoding() {
    #expect(SecretMaskTests.masked("/login/k%2Fe%26y%405%223") == "/login/<secret>")
    #expect(SecretMaskTests.masked("100% k%2") == "100% k%2")
  }

  /// RFC 9110, section 11.4: a vendor quotes the whole field or the credentials in it.
  @Test(arguments: ["Bearer s3cr3t-t0k3n", "s3cr3t-t0k3n"])
  func credentialsBehindTheirScheme(quoted: String) {
    let fields = [HTTPField("Authorization", "Bearer s3cr3t-t0k3n")]
    #expect(SecretMask.masked("bad \(quoted)!", fields: fields) == "bad <secret>!")
  }

  @Test(arguments: [
    ("Authorization", true), ("proxy-authorization", true), ("Cookie", true), ("X-API-Key", true),
    ("x_api_key", true), ("X-Auth-Token", true), ("X-Account-Id", false), ("X-Team", false),
    ("Ocp-Apim-Subscription-Key", true), ("X-Auth", true), ("X-Auth-Key", true),
    ("X-Session-Id", true),
    ("X-Functions-Key", true), ("X-Author", false),
    ("X-Routing-Key", false), ("User-Agent", false),
  ])
  func fieldsOfCredentials(_ name: String, _ isCredential: Bool) {
    #expect(SecretMask.isCredential(name) == isCredential)
  }

  /// Eight mebibytes of secrets, each replaced in place, would move terabytes.
  @Test(.timeLimit(.minutes(1))) func aBodyOfNothingElse() {
    let count = 1 << 20
    let body = SecretMask.masked(
      Array(repeating: UInt8(ascii: "a"), count: 8 * count),
      fields: [HTTPField("X-API-Key", "aaaaaaaa")]
    )
    #expect(body.count == 8 * count)
    #expect(body.starts(with: "<secret><secret>".utf8))
  }
}

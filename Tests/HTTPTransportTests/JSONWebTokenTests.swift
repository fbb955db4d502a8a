import Testing

@testable import HTTPTransport

struct JSONWebTokenTests {
  /// The key of RFC 7515, appendix A.1.1, there in base64url.
  static let key =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
  /// Its signing input and signature.
  static let input =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
    + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
  static let signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

  /// base64url read by its definition, bit by bit: independent of the encoder.
  static func decoded(_ text: some StringProtocol) throws -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    var bits: [Bool] = []
    for character in text {
      let value = try #require(alphabet.firstIndex(of: character), "no base64url: \(character)")
      bits += (0..<6).map { value >> (5 - $0) & 1 == 1 }
    }
    return stride(from: 0, to: bits.count / 8 * 8, by: 8).map { start in
      bits[start..<start + 8].reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
    }
  }

  @Test func computesSignatureOfRFC7515() throws {
    let key = try JSONWebTokenTests.decoded(JSONWebTokenTests.key)
    let code = try JSONWebToken.authenticationCode(
      of: Array(JSONWebTokenTests.input.utf8),
      key: key
    )
    #expect(JSONWebToken.base64URL(code) == JSONWebTokenTests.signature)
  }

  /// The vectors of RFC 4648, section 10, without their padding, and both characters that differ.
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
    ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"), ("~~~???", "fn5-Pz8_"),
  ])
  func encodesBase64URL(_ text: String, _ expected: String) throws {
    #expect(JSONWebToken.base64URL(Array(text.utf8)) == expected)
    #expect(try JSONWebTokenTests.decoded(expected) == Array(text.utf8))
  }

  @Test func writesHeaderClaimsAndSignature() throws {
    let secret = "a secret"
    let token = try JSONWebToken.signHS256(
      claims: [
        ("sub", .string("1234567890")), ("appId", .string("cs-0000")),
        ("iat", .integer(1_795_219_200)),
        ("nbf", .integer(-1)),
      ],
      secret: secret
    )
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    try #require(parts.count == 3)
    let header = String(decoding: try JSONWebTokenTests.decoded(parts[0]), as: UTF8.self)
    let payload = String(decoding: try JSONWebTokenTests.decoded(parts[1]), as: UTF8.self)
    #expect(header == #"{"alg":"HS256","typ":"JWT"}"#)
    #expect(payload == #"{"sub":"1234567890","appId":"cs-0000","iat":1795219200,"nbf":-1}"#)
    let code = try JSONWebToken.authenticationCode(
      of: Array((parts[0] + "." + parts[1]).utf8),
      key: Array(secret.utf8)
    )
    #expect(try JSONWebTokenTests.decoded(parts[2]) == code)
  }

  @Test(arguments: [
    ("plain", "plain"), ("a\"b", #"a\"b"#), (#"a\b"#, #"a\\b"#),
    ("\n\t\u{1F}", #"\u000a\u0009\u001f"#),
    ("\u{0}", #"\u0000"#), ("é😀/", "é😀/"),
  ])
  func escapesStrings(_ text: String, _ expected: String) throws {
    let token = try JSONWebToken.signHS256(claims: [(text, .string(text))], secret: "s")
    let payload = try JSONWebTokenTests.decoded(token.split(separator: ".")[1])
    #expect(String(decoding: payload, as: UTF8.self) == "{\"\(expected)\":\"\(expected)\"}")
  }

  @Test func refusesEmptySecretAndRepeatedClaim() {
    #expect(throws: TransportError.self) {
      try JSONWebToken.signHS256(claims: [("a", .integer(1))], secret: "")
    }
    let error = #expect(throws: TransportError.self) {
      try JSONWebToken.signHS256(claims: [("a", .integer(1)), ("a", .integer(2))], secret: "hush")
    }
    #expect(error?.code == .invalidRequest)
    #expect(error?.message.contains("hush") == false)
  }

  /// RFC 9562, section 5.4: version 4 and variant 10.
  @Test func makesRandomIdentifiers() {
    let identifiers = (0..<100).map { _ in JSONWebToken.randomIdentifier() }
    #expect(Set(identifiers).count == 100)
    for identifier in identifiers {
      #expect(
        identifier.wholeMatch(
          of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        ) != nil,
        "\(identifier)"
      )
    }
  }
}

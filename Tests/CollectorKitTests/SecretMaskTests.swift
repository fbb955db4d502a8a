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

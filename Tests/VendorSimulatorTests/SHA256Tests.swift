import Testing

@testable import VendorSimulator

@Suite("SHA-256, HMAC and tokens")
struct SHA256Tests {
  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  // FIPS 180-4's examples, and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func digestOfKnownMessages(message: String, digest: String) {
    #expect(hexadecimal(SHA256.digest(Array(message.utf8))) == digest)
  }

  // RFC 4231, cases 1, 2 and 6: a short key, a shorter one, and one longer than a block.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0b, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func authenticationCodeOfKnownMessages(key: [UInt8], message: String, code: String) {
    #expect(hexadecimal(SHA256.authenticationCode(Array(message.utf8), key: key)) == code)
  }

  @Test("A token made elsewhere is accepted with its secret and no other")
  func foreignToken() throws {
    let text =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
      + "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
      + "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
    let token = try #require(JSONWebToken(parsing: text))
    #expect(token.isSigned(with: "your-256-bit-secret"))
    #expect(!token.isSigned(with: "your-256-bit-secrer"))
    #expect(token.claims["name"]?.text == "John Doe")
  }

  @Test(arguments: ["", "a.b", "a.b.c.d", "!.e30.AA", "e30.e30", "e30.bm8.AA", "e30.e30.A"])
  func malformedTokens(text: String) {
    #expect(JSONWebToken(parsing: text) == nil)
  }
}

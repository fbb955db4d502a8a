@testable import VendorSimulator

/// Makes tokens for the simulated bot, good ones and bad ones.
enum TestToken {
  static func signed(
    header: String = #"{"alg":"HS256","typ":"JWT"}"#,
    claims: String = #"{"sub":"1234567890","appId":"cs-0000"}"#,
    secret: String = "demo-kore-secret"
  ) -> String {
    let signed = "\(base64URL(Array(header.utf8))).\(base64URL(Array(claims.utf8)))"
    let code = SHA256.authenticationCode(Array(signed.utf8), key: Array(secret.utf8))
    return "\(signed).\(base64URL(code))"
  }

  static func base64URL(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for index in 0...group.count {
        text.append(alphabet[bits >> (18 - 6 * index) & 63])
      }
    }
    return text
  }
}

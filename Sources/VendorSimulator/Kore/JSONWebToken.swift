/// A JSON Web Token in its compact form (RFC 7515, section 3.1), taken apart but not trusted.
struct JSONWebToken {
  let header: JSONValue
  let claims: JSONValue
  private let signed: [UInt8]
  private let signature: [UInt8]

  init?(parsing text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let headerBytes = JSONWebToken.base64URL(parts[0]),
      let claimBytes = JSONWebToken.base64URL(parts[1]),
      let signature = JSONWebToken.base64URL(parts[2]),
      let header = JSONValue(parsing: headerBytes), let claims = JSONValue(parsing: claimBytes)
    else { return nil }
    self.header = header
    self.claims = claims
    self.signature = signature
    signed = Array("\(parts[0]).\(parts[1])".utf8)
  }

  /// Whether the signature is HS256 (RFC 7518, section 3.2) with that key.
  func isSigned(with secret: String) -> Bool {
    header["alg"]?.text == "HS256"
      && SHA256.authenticationCode(signed, key: Array(secret.utf8)) == signature
  }

  /// Base64 with `-` and `_` and without padding (RFC 4648, section 5), or nil.
  private static func base64URL(_ text: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text.utf8 {
      let value: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
      case UInt8(ascii: "-"): value = 62
      case UInt8(ascii: "_"): value = 63
      default: return nil
      }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return text.utf8.count % 4 == 1 ? nil : bytes
  }
}

import COpenSSL

/// A claim's value in a JSON Web Token.
public enum JSONClaim: Sendable, Equatable {
  /// A JSON string, such as `sub`.
  case string(String)
  /// A JSON number without fraction, such as `exp` in Unix seconds.
  case integer(Int)
}

/// JSON Web Tokens signed with a shared secret (RFC 7519; HS256 of RFC 7518, section 3.2).
public enum JSONWebToken {
  /// Makes the compact form `header.payload.signature`.
  ///
  /// - Parameters:
  ///   - claims: The payload's members, in the order they are to stand.
  ///   - secret: The key; its UTF-8 bytes are used as they are.
  /// - Returns: Three parts in base64url, joined by dots.
  /// - Throws: `TransportError` with `.invalidRequest` where the secret is empty, a claim stands
  ///   twice, or OpenSSL cannot sign.
  public static func signHS256(
    claims: [(String, JSONClaim)],
    secret: String
  ) throws(TransportError) -> String {
    guard !secret.isEmpty else {
      throw TransportError(
        code: .invalidRequest,
        message: "cannot sign a JSON Web Token: the secret is empty"
      )
    }
    guard Set(claims.map(\.0)).count == claims.count else {
      throw TransportError(
        code: .invalidRequest,
        message: "cannot sign a JSON Web Token: a claim stands twice"
      )
    }
    let header = base64URL(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
    let input = header + "." + base64URL(payload(claims))
    let signature = try authenticationCode(of: Array(input.utf8), key: Array(secret.utf8))
    return input + "." + base64URL(signature)
  }

  /// A random UUID (version 4, RFC 9562, section 5.4) from the kernel's generator, for `jti`.
  public static func randomIdentifier() -> String {
    var generator = SystemRandomNumberGenerator()
    var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text = ""
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text += "-" }
      text += byte < 16 ? "0" : ""
      text += String(byte, radix: 16)
    }
    return text
  }

  /// HMAC with SHA-256 (RFC 2104).
  static func authenticationCode(
    of message: [UInt8],
    key: [UInt8]
  ) throws(TransportError) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    let result = unsafe HMAC(
      EVP_sha256(),
      key,
      Int32(key.count),
      message,
      message.count,
      &code,
      &length
    )
    guard unsafe result != nil, length == 32 else {
      throw TransportError(
        code: .invalidRequest,
        message: "cannot sign a JSON Web Token: OpenSSL offers no HMAC with SHA-256"
      )
    }
    return code
  }

  /// Base64 with the URL's alphabet and no padding (RFC 7515, section 2).
  static func base64URL(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 4 + 2) / 3)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for position in 0...group.count {
        text.append(alphabet[bits >> (18 - 6 * position) & 0x3F])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func payload(_ claims: [(String, JSONClaim)]) -> [UInt8] {
    var json: [UInt8] = [UInt8(ascii: "{")]
    for (index, (name, value)) in claims.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      appendString(name, to: &json)
      json.append(UInt8(ascii: ":"))
      switch value {
      case .string(let text): appendString(text, to: &json)
      case .integer(let number): json.append(contentsOf: String(number).utf8)
      }
    }
    json.append(UInt8(ascii: "}"))
    return json
  }

  /// A JSON string (RFC 8259, section 7).
  private static func appendString(_ text: String, to json: inout [UInt8]) {
    let hexadecimal = Array("0123456789abcdef".utf8)
    json.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        json.append(UInt8(ascii: "\\"))
        json.append(byte)
      case 0..<0x20:
        json.append(contentsOf: "\\u00".utf8)
        json.append(hexadecimal[Int(byte >> 4)])
        json.append(hexadecimal[Int(byte & 0xF)])
      default:
        json.append(byte)
      }
    }
    json.append(UInt8(ascii: "\""))
  }
}

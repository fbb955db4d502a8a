/// The user and password of an `Authorization` field (RFC 7617).
struct BasicCredentials {
  let user: [UInt8]
  let password: [UInt8]

  /// Reads a field's value; nil where it is not well-formed Basic.
  init?(_ value: String) {
    let bytes = Array(value.utf8)
    guard bytes.count > 6, ByteClass.isSame(String(decoding: bytes[..<5], as: UTF8.self), "basic"),
      bytes[5] == 0x20
    else { return nil }
    let encoded = bytes[6...].drop { $0 == 0x20 }
    guard let plain = BasicCredentials.decode(encoded),
      let colon = plain.firstIndex(of: UInt8(ascii: ":")),
      // crypt(3) would read no further than a NUL.
      !plain.contains(0)
    else { return nil }
    user = Array(plain[..<colon])
    password = Array(plain[(colon + 1)...])
  }

  /// Base64 with its padding (RFC 4648, section 4).
  private static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard !text.isEmpty, text.count % 4 == 0 else { return nil }
    let padding = text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    var plain: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text.dropLast(padding) {
      guard let value = sextet(byte) else { return nil }
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        plain.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return plain
  }

  private static func sextet(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x41...0x5A: UInt32(byte - 0x41)
    case 0x61...0x7A: UInt32(byte - 0x61) + 26
    case 0x30...0x39: UInt32(byte - 0x30) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

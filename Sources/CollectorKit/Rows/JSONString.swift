/// Turns the content of a JSON string into text (RFC 8259, section 7).
enum JSONString {
  /// The text; what is no Unicode (a lone surrogate, broken UTF-8) becomes U+FFFD.
  static func decode(_ bytes: [UInt8], _ start: Int, _ end: Int, isEscaped: Bool) -> String {
    guard isEscaped else { return String(decoding: bytes[start..<end], as: UTF8.self) }
    var result: [UInt8] = []
    result.reserveCapacity(end - start)
    var index = start
    while index < end {
      guard bytes[index] == UInt8(ascii: "\\") else {
        result.append(bytes[index])
        index += 1
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "u"):
        let (scalar, length) = scalar(bytes, at: index, end: end)
        result.append(contentsOf: String(scalar).utf8)
        index += length
        continue
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case let byte: result.append(byte)
      }
      index += 2
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The UTF-16 code unit of four hexadecimal digits, or nil.
  static func unit(_ bytes: [UInt8], at start: Int) -> UInt32? {
    var value: UInt32 = 0
    for byte in bytes[start..<(start + 4)] {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// The scalar of a `\uXXXX`, or of the two that are a surrogate pair, and its length in bytes.
  private static func scalar(
    _ bytes: [UInt8],
    at index: Int,
    end: Int
  ) -> (scalar: Unicode.Scalar, length: Int) {
    let first = unit(bytes, at: index + 2) ?? 0xFFFD
    if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
    if first < 0xDC00, index + 12 <= end, bytes[index + 6] == UInt8(ascii: "\\"),
      bytes[index + 7] == UInt8(ascii: "u"), let second = unit(bytes, at: index + 8),
      (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    {
      return (scalar, 12)
    }
    return ("\u{FFFD}", 6)
  }
}

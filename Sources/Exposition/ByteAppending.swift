/// What the encoders write, byte by byte, with concrete types: a generic closure per byte would cost
/// ten times as much.
extension [UInt8] {
  /// Appends the text as it is.
  mutating func append(_ text: String) {
    append(contentsOf: text.utf8)
  }

  /// Appends the text with `\` and line feeds escaped, and `"` as well where `quotes` is true.
  mutating func appendEscaped(_ text: String, quotes: Bool) {
    var needsEscaping = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"), UInt8(ascii: "\n"): needsEscaping = true
      case UInt8(ascii: "\""): needsEscaping = needsEscaping || quotes
      default: break
      }
    }
    guard needsEscaping else {
      append(contentsOf: text.utf8)
      return
    }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): append("\\\\")
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\"") where quotes: append("\\\"")
      default: append(byte)
      }
    }
  }

  /// Appends a sample's value.
  ///
  /// Whole numbers up to 2^53 are written without a fraction, everything else as the shortest decimal
  /// that reads back as the same `Double`. Negative zero keeps its sign.
  mutating func appendNumber(_ value: Double) {
    if value.magnitude <= 0x1p53, value.rounded(.towardZero) == value {
      if value.sign == .minus { append(UInt8(ascii: "-")) }
      appendDecimal(UInt64(value.magnitude))
    } else if value.isFinite {
      append(value.description)
    } else if value.isNaN {
      append("NaN")
    } else {
      append(value < 0 ? "-Inf" : "+Inf")
    }
  }

  /// Appends a whole number's digits.
  private mutating func appendDecimal(_ number: UInt64) {
    var length = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      length += 1
    }
    append(contentsOf: repeatElement(UInt8(ascii: "0"), count: length))
    rest = number
    var position = count - 1
    while rest > 0 {
      self[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      position -= 1
    }
  }
}

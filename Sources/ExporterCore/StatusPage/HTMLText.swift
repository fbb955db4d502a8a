/// Text for HTML.
enum HTMLText {
  /// The text with HTML's five special characters escaped.
  static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    escape(text, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the text, fit for an element's content and for a quoted attribute.
  ///
  /// It goes by Unicode scalar: a quotation mark with a combining accent behind it is one
  /// `Character` and still ends an attribute. Controls, and marks that would turn the direction of
  /// the text behind them, become U+FFFD.
  static func escape(_ text: String, into bytes: inout [UInt8]) {
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x26: bytes += "&amp;".utf8
      case 0x3C: bytes += "&lt;".utf8
      case 0x3E: bytes += "&gt;".utf8
      case 0x22: bytes += "&quot;".utf8
      case 0x27: bytes += "&#39;".utf8
      case 0x09, 0x0A: bytes.append(UInt8(scalar.value))
      case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: bytes += "\u{FFFD}".utf8
      default: bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
  }

  /// The text, or its beginning where it is longer than so many Unicode scalars.
  static func clipped(_ text: String, to length: Int) -> String {
    let scalars = text.unicodeScalars
    guard
      let end = scalars.index(scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return text }
    return String(scalars[..<end]) + "…"
  }
}

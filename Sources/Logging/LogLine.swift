/// One line before it is encoded.
struct LogLine {
  let time: Double
  let level: LogLevel
  let message: String
  let fields: [Logger.Field]

  /// The line's bytes, newline included.
  func encoded(as format: LogFormat) -> [UInt8] {
    let head: [Logger.Field] = [
      ("time", CivilTime(unixTime: time).text),
      ("level", level.name.uppercased()),
      ("msg", message),
    ]
    var line: [UInt8] = []
    line.reserveCapacity(160)
    switch format {
    case .logfmt:
      for (index, field) in (head + fields).enumerated() {
        if index > 0 { line.append(UInt8(ascii: " ")) }
        LogLine.appendKey(field.key, to: &line)
        line.append(UInt8(ascii: "="))
        LogLine.appendLogfmt(field.value, to: &line)
      }
    case .json:
      line.append(UInt8(ascii: "{"))
      for (index, field) in (head + fields).enumerated() {
        if index > 0 { line.append(UInt8(ascii: ",")) }
        LogLine.appendQuoted(field.key, to: &line)
        line.append(UInt8(ascii: ":"))
        LogLine.appendQuoted(field.value, to: &line)
      }
      line.append(UInt8(ascii: "}"))
    }
    line.append(UInt8(ascii: "\n"))
    return line
  }

  /// A key without what would end it: logfmt has no quoting for keys.
  private static func appendKey(_ key: String, to line: inout [UInt8]) {
    for byte in key.utf8 {
      line.append(isBare(byte) ? byte : UInt8(ascii: "_"))
    }
  }

  /// A bare word where that is unambiguous, a quoted string elsewhere.
  private static func appendLogfmt(_ value: String, to line: inout [UInt8]) {
    if !value.isEmpty, value.utf8.allSatisfy(isBare) {
      line.append(contentsOf: value.utf8)
    } else {
      appendQuoted(value, to: &line)
    }
  }

  /// Whether the byte may stand in a word that is not quoted.
  private static func isBare(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
      && byte != UInt8(ascii: "\\")
  }

  /// A JSON string (RFC 8259, section 7).
  ///
  /// What a vendor answers may end up in a message, so nothing that a terminal obeys or that breaks a
  /// line is written as it is.
  private static func appendQuoted(_ value: String, to line: inout [UInt8]) {
    line.append(UInt8(ascii: "\""))
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": line.append(contentsOf: "\\\"".utf8)
      case "\\": line.append(contentsOf: "\\\\".utf8)
      case "\n": line.append(contentsOf: "\\n".utf8)
      case "\r": line.append(contentsOf: "\\r".utf8)
      case "\t": line.append(contentsOf: "\\t".utf8)
      default:
        if isHidden(scalar) {
          appendEscape(UInt16(truncatingIfNeeded: scalar.value), to: &line)
        } else {
          line.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
      }
    }
    line.append(UInt8(ascii: "\""))
  }

  /// Control characters (C0, delete and C1), line and paragraph separators, marks that change the
  /// direction of writing, and the byte order mark.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// `\u` and four hexadecimal digits.
  private static func appendEscape(_ code: UInt16, to line: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    line.append(contentsOf: "\\u".utf8)
    for shift in [12, 8, 4, 0] {
      line.append(digits[Int(code >> UInt16(shift)) & 0xF])
    }
  }
}

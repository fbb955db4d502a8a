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
        line.append(contentsOf: field.key.utf8)
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

  /// A bare word where that is unambiguous, a quoted string elsewhere.
  private static func appendLogfmt(_ value: String, to line: inout [UInt8]) {
    let isBare =
      !value.isEmpty
      && value.utf8.allSatisfy { byte in
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
          && byte != UInt8(ascii: "\\")
      }
    if isBare {
      line.append(contentsOf: value.utf8)
    } else {
      appendQuoted(value, to: &line)
    }
  }

  /// A JSON string (RFC 8259, section 7); control characters never reach the terminal.
  private static func appendQuoted(_ value: String, to line: inout [UInt8]) {
    let hexadecimal = Array("0123456789abcdef".utf8)
    line.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""): line.append(contentsOf: "\\\"".utf8)
      case UInt8(ascii: "\\"): line.append(contentsOf: "\\\\".utf8)
      case UInt8(ascii: "\n"): line.append(contentsOf: "\\n".utf8)
      case UInt8(ascii: "\r"): line.append(contentsOf: "\\r".utf8)
      case UInt8(ascii: "\t"): line.append(contentsOf: "\\t".utf8)
      case 0..<0x20, 0x7F:
        line.append(contentsOf: "\\u00".utf8)
        line.append(hexadecimal[Int(byte >> 4)])
        line.append(hexadecimal[Int(byte & 0xF)])
      default: line.append(byte)
      }
    }
    line.append(UInt8(ascii: "\""))
  }
}

/// A UTC time as RFC 3339 writes it, with milliseconds.
struct CivilTime {
  let text: String

  /// Howard Hinnant's days-to-civil arithmetic: no calendar library for one timestamp.
  init(unixTime: Double) {
    let milliseconds = Int64((unixTime * 1000).rounded(.down))
    let seconds = milliseconds.flooredQuotient(1000)
    let days = seconds.flooredQuotient(86_400)
    let secondOfDay = Int(seconds - days * 86_400)
    let shifted = days + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    let year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    let fraction = Int(milliseconds - seconds * 1000)
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    text =
      "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
      + "\(padded(secondOfDay / 3600, 2)):\(padded(secondOfDay / 60 % 60, 2)):"
      + "\(padded(secondOfDay % 60, 2)).\(padded(fraction, 3))Z"
  }
}

extension Int64 {
  /// The quotient rounded toward negative infinity, so that times before 1970 come out right.
  fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}

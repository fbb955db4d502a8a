/// Walks through JSON text (RFC 8259) without building a tree: the caller takes what it wants as it
/// comes and skips the rest, which is checked all the same.
struct JSONScanner {
  /// The kinds of value, told by their first byte.
  enum Kind {
    case object, array, string, number, yes, no, null
  }

  /// A string's content within the text, between its quotes.
  struct Text {
    let start: Int
    let end: Int
    /// Whether a backslash stands in it.
    let isEscaped: Bool
  }

  let bytes: [UInt8]
  private(set) var position: Int
  /// Deeper nesting is refused: no vendor needs it, and the scanner calls itself.
  static let maximumDepth = 64

  /// A scanner at an offset, after a byte order mark if there is one.
  init(_ bytes: [UInt8], at position: Int = 0) {
    self.bytes = bytes
    let hasMark = position == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
    self.position = hasMark ? 3 : position
  }

  /// The next value's kind, which stays where it is.
  mutating func kind() throws(JSONSyntaxError) -> Kind {
    skipSpace()
    guard position < bytes.count else { throw JSONSyntaxError(position) }
    switch bytes[position] {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "t"): return .yes
    case UInt8(ascii: "f"): return .no
    case UInt8(ascii: "n"): return .null
    default: throw JSONSyntaxError(position)
    }
  }

  /// Whether nothing but white space follows.
  mutating func isAtEnd() -> Bool {
    skipSpace()
    return position == bytes.count
  }

  /// Steps over the `{` or `[` of a value whose kind is known.
  mutating func open() {
    position += 1
  }

  /// Steps to the next member or element, or over the closing bracket.
  ///
  /// - Returns: Whether there is one.
  mutating func hasNext(_ isFirst: inout Bool, closing: UInt8) throws(JSONSyntaxError) -> Bool {
    skipSpace()
    guard position < bytes.count else { throw JSONSyntaxError(position) }
    if bytes[position] == closing {
      position += 1
      return false
    }
    if isFirst {
      isFirst = false
      return true
    }
    guard bytes[position] == UInt8(ascii: ",") else { throw JSONSyntaxError(position) }
    position += 1
    return true
  }

  /// A member's name, and the colon behind it.
  mutating func name() throws(JSONSyntaxError) -> Text {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      throw JSONSyntaxError(position)
    }
    let text = try string()
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
      throw JSONSyntaxError(position)
    }
    position += 1
    return text
  }

  /// A string whose opening quote is next.
  mutating func string() throws(JSONSyntaxError) -> Text {
    position += 1
    let start = position
    var isEscaped = false
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return Text(start: start, end: position - 1, isEscaped: isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        try skipEscape()
      case 0..<0x20:
        throw JSONSyntaxError(position)
      default:
        position += 1
      }
    }
    throw JSONSyntaxError(position)
  }

  /// A number's value; nil where it is too large for a `Double`.
  mutating func number() throws(JSONSyntaxError) -> Double? {
    let start = position
    let isNegative = bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let digits = position
    var whole: Int64 = 0
    while position < bytes.count, isDigit(bytes[position]) {
      if position - digits < 15 { whole = whole * 10 + Int64(bytes[position] - 0x30) }
      position += 1
    }
    let count = position - digits
    guard count > 0, count == 1 || bytes[digits] != UInt8(ascii: "0") else {
      throw JSONSyntaxError(start)
    }
    var isWhole = true
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      try skipDigits()
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      position += 1
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      try skipDigits()
    }
    // 15 digits are exact in a Double; "-0" keeps its sign below.
    if isWhole, count <= 15, whole > 0 || !isNegative { return Double(isNegative ? -whole : whole) }
    let value = Double(String(decoding: bytes[start..<position], as: UTF8.self))
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  /// A text, a number or a truth value, which is next.
  mutating func scalar() throws(JSONSyntaxError) -> RowValue {
    let start = position
    switch try kind() {
    case .string:
      let text = try string()
      return .text(JSONString.decode(bytes, text.start, text.end, isEscaped: text.isEscaped))
    case .yes, .no:
      let value = bytes[position] == UInt8(ascii: "t")
      try skipWord(value ? "true" : "false")
      return .boolean(value)
    case .number:
      let start = position
      return try number() == nil ? .other : JSONScanner.number(bytes, start, position)
    case .object, .array, .null: throw JSONSyntaxError(start)
    }
  }

  /// The value of a number that was scanned before.
  static func number(_ bytes: [UInt8], _ start: Int, _ end: Int) -> RowValue {
    var scanner = JSONScanner(bytes, at: start)
    guard let value = try? scanner.number() else { return .other }
    return .number(value, text: String(decoding: bytes[start..<end], as: UTF8.self))
  }

  /// Steps over `true`, `false` or `null`, whose first byte is next.
  mutating func skipWord(_ word: StaticString) throws(JSONSyntaxError) {
    let text = word.description.utf8
    let end = position + text.count
    guard end <= bytes.count, bytes[position..<end].elementsEqual(text) else {
      throw JSONSyntaxError(position)
    }
    position = end
  }

  /// Steps over a whole value.
  mutating func skipValue(depth: Int = 0) throws(JSONSyntaxError) {
    guard depth <= JSONScanner.maximumDepth else { throw JSONSyntaxError(position) }
    var isFirst = true
    switch try kind() {
    case .object:
      open()
      while try hasNext(&isFirst, closing: UInt8(ascii: "}")) {
        _ = try name()
        try skipValue(depth: depth + 1)
      }
    case .array:
      open()
      while try hasNext(&isFirst, closing: UInt8(ascii: "]")) { try skipValue(depth: depth + 1) }
    case .string: _ = try string()
    case .number: _ = try number()
    case .yes: try skipWord("true")
    case .no: try skipWord("false")
    case .null: try skipWord("null")
    }
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func skipDigits() throws(JSONSyntaxError) {
    let start = position
    while position < bytes.count, isDigit(bytes[position]) { position += 1 }
    guard position > start else { throw JSONSyntaxError(position) }
  }

  private mutating func skipEscape() throws(JSONSyntaxError) {
    guard position + 1 < bytes.count else { throw JSONSyntaxError(position) }
    switch bytes[position + 1] {
    case UInt8(ascii: "u"):
      guard position + 6 <= bytes.count, JSONString.unit(bytes, at: position + 2) != nil else {
        throw JSONSyntaxError(position)
      }
      position += 6
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    default:
      throw JSONSyntaxError(position)
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39
  }
}

/// Text that is not JSON, or ends too early.
struct JSONSyntaxError: Error {
  /// The byte at which it cannot go on.
  let offset: Int

  init(_ offset: Int) {
    self.offset = offset
  }
}

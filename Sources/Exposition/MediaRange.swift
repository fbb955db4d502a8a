/// One media range of an Accept field: RFC 9110, section 12.5.1.
struct MediaRange {
  /// The type in lower case, or `*`.
  let type: String
  /// The subtype in lower case, or `*`.
  let subtype: String
  /// Every parameter but the weight; names in lower case.
  let parameters: [(name: String, value: String)]
  /// The weight `q` in thousandths, 0 to 1000.
  let weight: Int

  /// The ranges of a whole field value, in its order.
  ///
  /// A member that is not a media range, or whose weight cannot be read, is ignored as if it were not
  /// there: the field only states preferences.
  static func parse(_ accept: String) -> [MediaRange] {
    split(Array(accept.utf8)[...], at: UInt8(ascii: ",")).compactMap { MediaRange($0) }
  }

  private init?(_ member: ArraySlice<UInt8>) {
    let parts = MediaRange.split(member, at: UInt8(ascii: ";"))
    let names = parts[0].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard names.count == 2 else { return nil }
    let type = MediaRange.text(names[0]).lowercased()
    let subtype = MediaRange.text(names[1]).lowercased()
    guard MediaRange.isToken(type), MediaRange.isToken(subtype), type != "*" || subtype == "*"
    else { return nil }

    var parameters: [(name: String, value: String)] = []
    var weight = 1000
    for part in parts.dropFirst() {
      if MediaRange.text(part).isEmpty { continue }
      guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      let name = MediaRange.text(part[..<equals]).lowercased()
      let value = MediaRange.unquoted(part[part.index(after: equals)...])
      guard MediaRange.isToken(name) else { return nil }
      if name == "q" {
        guard let parsed = MediaRange.weight(value) else { return nil }
        weight = parsed
      } else {
        parameters.append((name, value))
      }
    }
    self.type = type
    self.subtype = subtype
    self.parameters = parameters
    self.weight = weight
  }

  /// Splits at a separator that stands outside quoted strings; never empty.
  private static func split(
    _ bytes: ArraySlice<UInt8>,
    at separator: UInt8
  ) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var start = bytes.startIndex
    var index = start
    var isQuoted = false
    while index < bytes.endIndex {
      let byte = bytes[index]
      if isQuoted, byte == UInt8(ascii: "\\") {
        index += 1  // what follows stands for itself
      } else if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if byte == separator, !isQuoted {
        parts.append(bytes[start..<index])
        start = index + 1
      }
      index += 1
    }
    parts.append(bytes[start...])
    return parts
  }

  /// The bytes without optional whitespace at either end.
  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var rest = bytes
    while let first = rest.first, isSpace(first) { rest = rest.dropFirst() }
    while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
    return rest
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: trimmed(bytes), as: UTF8.self)
  }

  /// A token as it is, or a quoted string's content.
  private static func unquoted(_ bytes: ArraySlice<UInt8>) -> String {
    let value = trimmed(bytes)
    guard value.first == UInt8(ascii: "\"") else { return String(decoding: value, as: UTF8.self) }
    var content: [UInt8] = []
    var isEscaped = false
    for byte in value.dropFirst() {
      if !isEscaped, byte == UInt8(ascii: "\\") {
        isEscaped = true
        continue
      }
      if !isEscaped, byte == UInt8(ascii: "\"") { break }
      content.append(byte)
      isEscaped = false
    }
    return String(decoding: content, as: UTF8.self)
  }

  /// RFC 9110, section 5.6.2.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "A")...UInt8(ascii: "Z"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  /// RFC 9110, section 12.4.2, with any number of decimals: what comes behind the third is dropped.
  private static func weight(_ text: String) -> Int? {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, text.utf8.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) })
    else { return nil }
    let decimals = parts.count == 2 ? Array(parts[1]) : []
    var thousandths = 0
    for position in 0..<3 {
      let digit = position < decimals.count ? decimals[position] - UInt8(ascii: "0") : 0
      thousandths = thousandths * 10 + Int(digit)
    }
    switch String(parts[0]) {
    case "0": return thousandths
    case "1": return decimals.allSatisfy { $0 == UInt8(ascii: "0") } ? 1000 : nil
    default: return nil
    }
  }
}

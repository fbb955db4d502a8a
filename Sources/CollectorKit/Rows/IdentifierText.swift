/// A value while it is looked at for identifiers: ASCII bytes, whatever digits and dashes it has.
struct IdentifierText {
  /// Arabic and other digits as ASCII ones, dashes and spaces of all kinds as `-` and a space,
  /// invisible direction marks left out, and all other letters as `other`.
  private let bytes: [UInt8]
  /// A letter beyond ASCII.
  private static let other: UInt8 = 0x80

  init(_ value: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(value.utf8.count)
    for scalar in value.unicodeScalars {
      if scalar.isASCII {
        bytes.append(UInt8(scalar.value))
      } else if let digit = scalar.properties.numericType == .decimal
        ? scalar.properties.numericValue : nil
      {
        bytes.append(0x30 + UInt8(digit))
      } else if scalar == "\u{FF0B}" {
        bytes.append(UInt8(ascii: "+"))
      } else {
        switch scalar.properties.generalCategory {
        case .format: break
        case .dashPunctuation, .mathSymbol: bytes.append(UInt8(ascii: "-"))
        case .spaceSeparator: bytes.append(0x20)
        default: bytes.append(IdentifierText.other)
        }
      }
    }
    self.bytes = bytes
  }

  // MARK: E-mail addresses

  /// Something, `@` or `%40`, and a host with a dot and a last part of letters.
  var hasEmail: Bool {
    bytes.indices.contains { index in
      let length: Int
      switch bytes[index] {
      case UInt8(ascii: "@"): length = 1
      case UInt8(ascii: "%") where bytes[index...].starts(with: "%40".utf8): length = 3
      default: return false
      }
      guard index > 0, isWord(bytes[index - 1]) || "._-+'\"".utf8.contains(bytes[index - 1])
      else { return false }
      let host = bytes[(index + length)...].prefix {
        isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
      }
      let parts = host.split(separator: UInt8(ascii: "."))
      guard parts.count > 1, host.first != UInt8(ascii: "."), let last = parts.last else {
        return false
      }
      return last.first.map { !isDigit($0) } ?? false || isAddress(parts)
    }
  }

  /// Four numbers up to 255, as an IPv4 address has them.
  private func isAddress(_ parts: [ArraySlice<UInt8>]) -> Bool {
    parts.count == 4
      && parts.allSatisfy { part in
        part.count <= 3 && Int(String(decoding: part, as: UTF8.self)).map { $0 <= 255 } ?? false
      }
  }

  // MARK: Telephone numbers

  /// A number that a telephone has, alone or among words.
  var hasPhone: Bool {
    if bytes.allSatisfy({ isDialled($0) || isHidden($0) }) {
      return isPhone(bytes[...], isAlone: true)
    }
    return words(isDialled).contains { isPhone($0, isAlone: false) }
      || words { isDigit($0) || isHidden($0) }.contains { word in
        word.first.map(isDigit) ?? false && isMasked([Array(word)])
      }
  }

  /// Whether some of a number's digits are hidden: a run of X or *, as in 9665XXXXXXXX.
  private func isMasked(_ groups: [[UInt8]]) -> Bool {
    let digits = groups.reduce(0) { $0 + $1.count { isDigit($0) } }
    let hidden = groups.reduce(0) { $0 + $1.count { isHidden($0) } }
    return digits >= 3 && digits + hidden >= 7
      && groups.contains { group in
        zip(group, group.dropFirst()).contains {
          isHidden($0) && isHidden($1)
        }
      }
  }

  private func isPhone(_ run: ArraySlice<UInt8>, isAlone: Bool) -> Bool {
    let text = run.drop { $0 == 0x20 }
    // A negative number, or a number with a fraction.
    if isAlone, text.first == UInt8(ascii: "-") { return false }
    let dots = text.count { $0 == UInt8(ascii: ".") }
    if isAlone, dots == 1, text.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }) {
      // A spreadsheet writes a telephone number as 966501234567.0.
      let isWhole = text.drop(while: isDigit).allSatisfy({ [0x2E, 0x30].contains($0) })
      guard isWhole, text.prefix(while: isDigit).count >= 7 else { return false }
    }
    let hasMark =
      text.contains(UInt8(ascii: "+"))
      || text.starts(with: "00".utf8) && text.dropFirst(2).first != UInt8(ascii: "0")
        && text.count { isDigit($0) } >= 11
    let groups = withoutDates(
      text.split { !isDigit($0) && !isHidden($0) }.map { Array($0) }
    )
    if text.contains(where: { isHidden($0) }) { return isMasked(groups) }
    let digits = groups.reduce(0) { $0 + $1.count }
    if hasMark { return (7...18).contains(digits) }
    if groups.contains(where: { $0.count >= 7 }) { return true }
    guard groups.count > 1, (isAlone ? 9 : 10)...15 ~= digits,
      text.count(where: { $0 == UInt8(ascii: "/") }) <= 1
    else { return false }
    // A group of one digit is a country code or a trunk zero; versions have more of them.
    let isGrouped = groups.dropFirst(dots > 0 ? 1 : 2).allSatisfy { (2...5).contains($0.count) }
    // Among words, a number ends as telephone numbers do; SLA-120-300-600 does not.
    return isGrouped && (isAlone || groups.last?.count == 4 || groups.allSatisfy { $0.count == 2 })
  }

  /// The groups without those that are years or make a date: `2025-2026`, `2026-01-15`, `31.12.2026`.
  private func withoutDates(_ groups: [[UInt8]]) -> [[UInt8]] {
    let numbers = groups.map { $0.count <= 8 ? Int(String(decoding: $0, as: UTF8.self)) : nil }
    func isYear(_ index: Int) -> Bool {
      groups.indices.contains(index) && groups[index].count == 4
        && IdentifierText.isYear(numbers[index] ?? 0)
    }
    func isPart(_ index: Int, _ most: Int) -> Bool {
      groups.indices.contains(index) && groups[index].count <= 2
        && (1...most).contains(numbers[index] ?? 0)
    }
    var result: [[UInt8]] = []
    var index = 0
    while index < groups.count {
      if isYear(index) {
        let hasDay = isPart(index + 1, 12) && isPart(index + 2, 31)
        index += hasDay ? 3 : isPart(index + 1, 99) ? 2 : 1
      } else if isPart(index, 31), isPart(index + 1, 31), isYear(index + 2) {
        index += 3
      } else if isCompactDate(groups[index]) {
        index += 1
      } else {
        result.append(groups[index])
        index += 1
      }
    }
    // A year among the groups of a number is no year: 050 2024 1234.
    let left = result.reduce(0) { $0 + $1.count }
    return left >= 5 && result.count > 1 ? groups : result
  }

  /// `20260115` or `15012026`, and what is behind it to the second.
  private func isCompactDate(_ group: [UInt8]) -> Bool {
    guard [8, 10, 12, 14].contains(group.count) else { return false }
    func number(_ range: Range<Int>) -> Int {
      Int(String(decoding: group[range], as: UTF8.self)) ?? 0
    }
    func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
      (1900...2099).contains(year) && (1...12).contains(month) && (1...31).contains(day)
    }
    if isDate(number(0..<4), number(4..<6), number(6..<8)) { return true }
    return group.count == 8 && isDate(number(4..<8), number(2..<4), number(0..<2))
  }

  /// Years of the Gregorian and of the Islamic calendar.
  private static func isYear(_ number: Int) -> Bool {
    (1900...2099).contains(number) || (1300...1499).contains(number)
  }

  // MARK: Ids

  /// A UUID, hexadecimal digits as databases make them, an address of a network, a ULID, a token.
  var hasID: Bool {
    if hasToken || hasNetworkAddress { return true }
    return words { isHex($0) || $0 == UInt8(ascii: "-") }.contains { word in
      let parts = word.split(separator: UInt8(ascii: "-"))
      // A UUID may have a prefix that is hexadecimal too.
      return parts.indices.contains { first in
        first + 5 <= parts.count
          && parts[first..<(first + 5)].map(\.count) == [8, 4, 4, 4, 12]
      }
        || parts.count == 6 && parts.allSatisfy { $0.count == 2 } && word.contains(where: isDigit)
          && word.contains { !isDigit($0) && isHex($0) }
    }
      || words { isWord($0) }.contains { word in
        (word.count >= 16 && word.allSatisfy(isHex) && word.contains(where: isDigit))
          || isULID(word)
      }
  }

  /// A JSON Web Token: base64url of `{"`, twice.
  private var hasToken: Bool {
    words { isWord($0) || "-_.".utf8.contains($0) }.contains { word in
      let parts = word.split(separator: UInt8(ascii: "."))
      return parts.count >= 2 && parts[0].starts(with: "eyJ".utf8) && parts[0].count >= 12
    }
  }

  /// IPv4 dotted, or six pairs of hexadecimal digits behind colons.
  private var hasNetworkAddress: Bool {
    words { isDigit($0) || $0 == UInt8(ascii: ".") }.contains { word in
      isAddress(word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false))
    }
      || words { isHex($0) || $0 == UInt8(ascii: ":") }.contains { word in
        let parts = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return parts.count >= 6 && parts.allSatisfy { $0.count <= 4 }
          && word.contains(where: isDigit)
      }
  }

  /// 26 characters of Crockford's base 32, as ULIDs have them.
  private func isULID(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count == 26, let first = word.first, (0x30...0x37).contains(first) else {
      return false
    }
    return word.count { isDigit($0) } >= 3
      && word.allSatisfy { isWord($0) && $0 != Self.other && !"ILOUilou".utf8.contains($0) }
  }

  /// A long word of letters and digits without a meaning.
  var hasRandomWord: Bool {
    let joined = words { isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    return joined.contains { whole in
      guard !whole.contains(Self.other) else { return false }
      let parts = whole.split { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
      let words = parts.map(WordPieces.init)
      if words.contains(where: \.isRandom) { return true }
      // Some alphabets of ids have dashes: one of the parts looks so, and the whole is long.
      let length = words.reduce(0) { $0 + $1.length }
      let plain = words.reduce(0) { $0 + $1.plain }
      return (2...4).contains(parts.count) && whole.count >= 16 && plain * 2 < length
        && words.contains { $0.length >= 8 && $0.changes >= 3 }
    }
  }

  /// A word's pieces of letters and of digits, in which a name is told from an id.
  private struct WordPieces {
    /// Letters and digits, without years.
    private(set) var length = 0
    /// Letters that make a word which could be read.
    private(set) var plain = 0
    /// How often letters and digits take turns.
    private(set) var changes = 0
    private var digits = 0

    init(_ word: ArraySlice<UInt8>) {
      let bytes = Array(word)
      var index = 0
      while index < bytes.count {
        let start = index
        if isDigit(bytes[index]) {
          while index < bytes.count, isDigit(bytes[index]) { index += 1 }
          let isYear =
            index - start == 4
            && IdentifierText.isYear(
              Int(String(decoding: bytes[start..<index], as: UTF8.self)) ?? 0
            )
          if isYear { continue }
          digits += index - start
        } else {
          while index < bytes.count, !isDigit(bytes[index]) { index += 1 }
          addLetters(bytes[start..<index])
        }
        if length > 0 { changes += 1 }
        length += index - start
      }
    }

    /// Takes letters, which are read as `fooBar` and `FOOBar` are.
    private mutating func addLetters(_ letters: ArraySlice<UInt8>) {
      var piece: [UInt8] = []
      func isUpper(_ byte: UInt8) -> Bool { byte & 0x20 == 0 }
      func end() {
        let hasVowel = piece.contains { "aeiouy".utf8.contains($0 | 0x20) }
        if piece.count >= 4, hasVowel { plain += piece.count }
        piece = []
      }
      for byte in letters {
        if let last = piece.last, isUpper(byte), !isUpper(last) {
          end()
        } else if let last = piece.last, !isUpper(byte), isUpper(last), piece.count > 1 {
          piece.removeLast()
          end()
          piece = [last]
        }
        piece.append(byte)
      }
      end()
    }

    /// Whether nobody could read it.
    var isRandom: Bool {
      guard plain * 2 < length, digits > 0 else { return false }
      return length >= 16 || length >= 12 && changes >= 6
    }
  }

  /// The longest runs of bytes that belong together.
  private func words(_ belongs: (UInt8) -> Bool) -> [ArraySlice<UInt8>] {
    bytes.split { !belongs($0) }
  }
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

private func isHex(_ byte: UInt8) -> Bool {
  isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
}

/// A letter or a digit.
private func isWord(_ byte: UInt8) -> Bool {
  isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80
}

/// What stands for a digit that is hidden.
private func isHidden(_ byte: UInt8) -> Bool { "Xx*".utf8.contains(byte) }

/// What a telephone number is written with.
private func isDialled(_ byte: UInt8) -> Bool {
  isDigit(byte) || "+ -()./".utf8.contains(byte)
}

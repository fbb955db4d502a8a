/// A number that a vendor writes as a number or as a string, or not at all.
///
/// `true` and `false` are no numbers; `null`, the empty string and `-` stand for no value (Rocket.Chat
/// writes the last two). A value of another kind is kept as unreadable, so that it can be counted
/// and the rest of the answer still be used.
public enum JSONNumber: Sendable, Equatable, Decodable {
  /// A finite number.
  case number(Double)
  /// No value.
  case absent
  /// A value that is no number: shown in the log.
  case unreadable(String)

  /// Decodes a number, a numeric string or null.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .absent
    } else if let value = try? container.decode(Double.self) {
      self = value.isFinite ? .number(value) : .unreadable("\(value)")
    } else if let text = try? container.decode(String.self) {
      self = JSONNumber(text: text)
    } else if let flag = try? container.decode(Bool.self) {
      self = .unreadable("\(flag)")
    } else {
      self = .unreadable("an object or array")
    }
  }

  /// Reads a numeric string: decimal digits with an optional sign, fraction and exponent.
  public init(text: String) {
    let bare = text.trimmingSpaces()
    if bare.isEmpty || bare == "-" {
      self = .absent
    } else if let value = JSONNumber.decimal(bare) {
      self = .number(value)
    } else {
      self = .unreadable("\"\(ErrorEnvelope.printable(String(text.prefix(40))))\"")
    }
  }

  /// A finite decimal number, without Swift's hexadecimal and infinite forms.
  static func decimal(_ text: String) -> Double? {
    let allowed = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte)
    }
    guard allowed, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The number, or nil.
  public var value: Double? {
    if case .number(let value) = self { value } else { nil }
  }
}

extension String {
  /// Without white space at either end, no-break spaces included.
  public func trimmingSpaces() -> String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}

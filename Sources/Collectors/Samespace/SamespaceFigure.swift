import CollectorKit

/// How a STAT insight writes its value: the key `format`.
enum SamespaceFormat: String, Sendable, CaseIterable {
  /// A number, or a text that is one.
  case number
  /// A percentage, with or without its sign: the ratio is exported.
  case percent
  /// `HH:MM:SS` or `DD HH:MM:SS`: seconds are exported.
  case duration
}

/// The value of a STAT insight.
///
/// The vendor's page shows a number (`"value": 2824`) and names a display format, `valueFormat`, of
/// which it shows only NUMBER. So a value may be a text as a person would read it.
extension PayloadValue {
  /// What a value comes to.
  enum Reading: Equatable {
    /// In the unit that the format says: a number, a ratio or seconds.
    case value(Double)
    /// Null, an empty text or a dash, which stands for no value.
    case none
    /// Everything else, as it is shown in the log: a text with digits may mean several numbers.
    case unreadable(String)
  }

  /// Reads the value.
  ///
  /// A text is taken for what its form allows and nothing else: `87.25%` is a percentage and
  /// `00:05:30` a duration; `2,824` may be 2824 or 2.824, and `05:30` minutes or hours.
  ///
  /// - Parameter format: How the value is written; nil to go by the text.
  /// - Returns: What it comes to.
  func read(as format: SamespaceFormat?) -> Reading {
    switch self {
    case .null: return .none
    case .other(let seen): return .unreadable(seen)
    case .number(let value): return .value(format == .percent ? Percent.ratio(value) : value)
    case .text(let text):
      let bare = PayloadValue.trimmed(text[...])
      if bare.allSatisfy({ "-–—".contains($0) }) { return .none }
      if let value = PayloadValue.value(bare, format) { return .value(value) }
      return .unreadable("\"\(Identifier.masked(text))\"")
    }
  }

  private static func value(_ text: Substring, _ format: SamespaceFormat?) -> Double? {
    let isPercent = text.last == "%"
    let number = JSONNumber(text: String(isPercent ? trimmed(text.dropLast()) : text)).value
    return switch format {
    case nil where isPercent, .percent: number.map(Percent.ratio)
    case _ where isPercent: nil
    case .number: number
    case .duration, nil: ClockDuration.seconds(String(text)) ?? number
    }
  }

  /// Without white space at either end, no-break spaces included.
  private static func trimmed(_ text: Substring) -> Substring {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return text[first...last]
  }
}

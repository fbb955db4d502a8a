import CollectorKit

/// A value of the live endpoints: a number, or a text that stands for one.
///
/// Counts are numbers, durations `HH:MM:SS`, percentages `"11%"` or `"11.333333%"`, all in one list
/// (`totalizers`). `"-"`, `""` and null stand for no value.
enum RocketChatFigure: Decodable, Sendable, Equatable {
  case number(Double)
  case text(String)
  case absent
  /// Neither a number nor a text: shown in the log.
  case other(String)

  /// How a figure is to be read.
  enum Kind: Sendable {
    /// A plain number, or a numeric text.
    case count
    /// Seconds, or `HH:MM:SS`; 0 stands for no sample.
    case duration
    /// A percentage, with or without its sign.
    case percentage
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .absent
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .other((try? container.decode(Bool.self)).map { "\($0)" } ?? "an object or array")
    }
  }

  /// The value in base units: counts, seconds, or a ratio.
  ///
  /// - Parameters:
  ///   - kind: What the figure is.
  ///   - name: The vendor's name of it.
  ///   - skipped: Takes what cannot be read.
  /// - Returns: The value, or nil where there is none.
  func value(_ kind: Kind, _ name: String, _ skipped: inout [String]) -> Double? {
    let read: JSONNumber
    switch self {
    case .absent: read = .absent
    case .other(let seen): read = .unreadable(seen)
    case .number(let value): read = value.isFinite ? .number(value) : .unreadable("\(value)")
    case .text(let text): read = RocketChatFigure.number(text, kind)
    }
    if case .unreadable(let seen) = read {
      let expected = kind == .duration ? "a duration such as 00:01:30" : "a number"
      skipped.append("\(name) is \(seen), not \(expected)")
    }
    guard let value = read.value else { return nil }
    if value < 0 {
      skipped.append("\(name) is \(value), less than 0")
      return nil
    }
    switch kind {
    case .count: return value
    case .duration: return value == 0 ? nil : value
    case .percentage: return Percent.ratio(value)
    }
  }

  private static func number(_ text: String, _ kind: Kind) -> JSONNumber {
    switch kind {
    case .count: JSONNumber(text: text)
    case .duration: ClockDuration.seconds(text).map { .number($0) } ?? JSONNumber(text: text)
    case .percentage: JSONNumber(text: text.last == "%" ? String(text.dropLast()) : text)
    }
  }
}

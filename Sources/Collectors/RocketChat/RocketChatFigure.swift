import CollectorKit

/// A value of the live endpoints: a number, or a text that stands for one.
///
/// Counts are numbers and durations `HH:MM:SS`, all in one list (`totalizers`). `"-"`, `""` and null
/// stand for no value, which only a duration may lack: the server counts documents.
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

  /// The value in base units: a count, or seconds.
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
    if read == .absent, kind == .count { skipped.append("\(name) has no value") }
    guard let value = read.value else { return nil }
    if value < 0 {
      skipped.append("\(name) is \(value), less than 0")
      return nil
    }
    return kind == .duration && value == 0 ? nil : value
  }

  private static func number(_ text: String, _ kind: Kind) -> JSONNumber {
    switch kind {
    case .count: JSONNumber(text: text)
    case .duration: ClockDuration.seconds(text).map { .number($0) } ?? JSONNumber(text: text)
    }
  }
}

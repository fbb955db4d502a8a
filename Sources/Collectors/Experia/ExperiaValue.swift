import CollectorKit

extension PayloadValue {
  /// Whether the vendor says that there is no value: `null`, an empty text or `-`.
  var isAbsent: Bool {
    switch self {
    case .null: true
    case .text(let text): ["", "-"].contains(text.trimmingSpaces())
    case .number, .other: false
    }
  }

  /// The value as messages show it.
  var shown: String {
    switch self {
    case .null: "null"
    case .number(let value): Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    case .text(let text): "\"\(ErrorEnvelope.printable(String(text.prefix(40))))\""
    case .other(let seen): seen
    }
  }
}

/// How the vendor writes a field's value, and between which bounds it can be.
enum ExperiaForm: Sendable {
  /// A number, 0 or more.
  case count
  /// A number from -100 to 100.
  case score
  /// A number with or without a percent sign, 0 or more, and at most 100 unless it counts what a
  /// session may have several of.
  case percent(atMost100: Bool)
  /// `DD HH:MM:SS`.
  case duration
  /// `HH:MM`.
  case timeOfDay

  /// A percentage of all, such as a compliance.
  static let share = ExperiaForm.percent(atMost100: true)

  /// The value in the form's own unit, or nil.
  ///
  /// - Parameters:
  ///   - value: What the answer has; nil if it has no such field.
  ///   - field: The field's name in messages.
  ///   - skipped: Takes why a value cannot be read, or cannot be right.
  /// - Returns: The value, or nil if there is none or it is noted as skipped.
  func read(_ value: PayloadValue?, _ field: String, _ skipped: inout [String]) -> Double? {
    guard let value, !value.isAbsent else { return nil }
    guard let number = parse(value) else {
      skipped.append("\(field) is \(value.shown), not \(expected)")
      return nil
    }
    guard bounds.contains(number) else {
      let most = bounds.upperBound.isFinite ? " to \(Int(bounds.upperBound))" : " or more"
      skipped.append("\(field) is \(value.shown), not \(Int(bounds.lowerBound))\(most)")
      return nil
    }
    return number
  }

  private func parse(_ value: PayloadValue) -> Double? {
    switch (self, value) {
    case (.count, .number(let number)), (.score, .number(let number)),
      (.percent, .number(let number)):
      number
    case (.count, .text(let text)), (.score, .text(let text)): JSONNumber(text: text).value
    case (.percent, .text(let text)): Percent.number(text)
    case (.duration, .text(let text)): ClockDuration.seconds(text)
    case (.timeOfDay, .text(let text)): ClockDuration.timeOfDay(text)
    case (_, .null), (_, .other), (.duration, .number), (.timeOfDay, .number): nil
    }
  }

  private var bounds: ClosedRange<Double> {
    switch self {
    case .score: -100...100
    case .percent(atMost100: true): 0...100
    case .count, .percent, .duration, .timeOfDay: 0...(.infinity)
    }
  }

  private var expected: String {
    switch self {
    case .count, .score: "a number"
    case .percent: "a percentage"
    case .duration, .timeOfDay: "a time"
    }
  }
}

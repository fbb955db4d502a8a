import CollectorKit

/// Numbers, durations and times as people read them.
enum Wording {
  /// A duration in its two largest units: `3 h 5 min`.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e12)).rounded())
    let units = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
    guard let first = units.firstIndex(where: { whole >= $0.0 }) else { return "0 s" }
    var rest = whole
    var words: [String] = []
    for (size, name) in units[first...].prefix(2) where rest >= size {
      words.append("\(rest / size) \(name)")
      rest %= size
    }
    return words.joined(separator: " ")
  }

  /// A value in its figure's unit.
  static func value(_ value: Double, _ unit: KeyFigure.Unit, places: Int = 1) -> String {
    switch unit {
    case .number: decimal(value, places: abs(value) < 100 ? 2 : 1)
    case .ratio: decimal(value * 100, places: places) + "%"
    case .seconds where abs(value) < 60: decimal(value, places: places) + " s"
    case .seconds: (value < 0 ? "−" : "") + duration(abs(value))
    }
  }

  /// A value of the history in its figure's unit: it is exact to about seven digits, so no more
  /// than six are shown.
  static func rough(_ value: Double, _ unit: KeyFigure.Unit) -> String {
    var step = 1.0
    while abs(value) / step >= 1e6 { step *= 10 }
    return Wording.value(step == 1 ? value : (value / step).rounded() * step, unit)
  }

  /// A value and its bound; where rounding would make them look the same, with more places.
  static func pair(
    _ value: Double,
    _ bound: Double,
    _ unit: KeyFigure.Unit
  ) -> (value: String, bound: String) {
    let limit = Wording.value(bound, unit, places: 3)
    guard value != bound else { return (limit, limit) }
    for places in 1...3 {
      let text = Wording.value(value, unit, places: places)
      if text != limit { return (text, limit) }
    }
    return (value < bound ? "just below " + limit : "just above " + limit, limit)
  }

  /// `12,480`, `3.25`: at most so many decimal places, no zeros at their end.
  static func decimal(_ value: Double, places: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let power = (0..<places).reduce(1) { number, _ in number * 10 }
    let scaled = Int((abs(value) * Double(power)).rounded())
    var digits = String(scaled / power)
    var grouped = ""
    while digits.count > 3 {
      grouped = "," + digits.suffix(3) + grouped
      digits.removeLast(3)
    }
    var fraction = String(String(scaled % power + power).dropFirst())
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let sign = value < 0 && scaled > 0 ? "−" : ""
    return sign + digits + grouped + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// `1 target`, `2 targets`.
  static func count(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(decimal(Double(number), places: 0)) \(noun)s"
  }
}

/// Prometheus' duration notation, as `ParseDuration` of prometheus/common reads and writes it.
public enum ConfigurationDuration {
  /// Units from the largest to the smallest, which is the order they must be written in.
  private static let units: [(suffix: String, milliseconds: Int64)] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
  ]

  /// Prometheus keeps durations as 64-bit nanoseconds.
  private static let maximumMilliseconds = Int64.max / 1_000_000

  /// The duration that `text` stands for: `1h30m`, `1d`, `500ms` or `0`.
  ///
  /// - Returns: nil for anything else: a sign, a fraction, a unit twice or in the wrong order, or
  ///   more than about 292 years.
  public static func parse(_ text: String) -> Duration? {
    if text == "0" { return .zero }
    var rest = text.utf8[...]
    guard !rest.isEmpty else { return nil }
    var remaining = units[...]
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      rest = rest[digits.endIndex...]
      let letters = rest.prefix { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }
      rest = rest[letters.endIndex...]
      let suffix = String(Substring(letters))
      guard let amount = Int64(Substring(digits)),
        let place = remaining.firstIndex(where: { $0.suffix == suffix })
      else { return nil }
      let part = amount.multipliedReportingOverflow(by: units[place].milliseconds)
      let sum = total.addingReportingOverflow(part.partialValue)
      guard !part.overflow, !sum.overflow, sum.partialValue <= maximumMilliseconds else {
        return nil
      }
      total = sum.partialValue
      remaining = units[(place + 1)...]
    }
    return .milliseconds(total)
  }

  /// The shortest notation, to the millisecond: `1h30m`, `36h`, `1d`, `0s`.
  ///
  /// Years, weeks and days are used only where nothing is left over, as Prometheus does.
  public static func text(_ duration: Duration) -> String {
    let parts = duration.components
    let (whole, overflow) = parts.seconds.multipliedReportingOverflow(by: 1000)
    // Beyond what 64 bits of milliseconds hold, seconds are exact enough.
    guard !overflow else { return "\(parts.seconds)s" }
    var rest = (whole + parts.attoseconds / 1_000_000_000_000_000).magnitude
    guard rest > 0 else { return "0s" }
    var text = duration < .zero ? "-" : ""
    for (suffix, milliseconds) in units {
      let unit = milliseconds.magnitude
      if milliseconds >= 86_400_000, rest % unit != 0 { continue }
      let amount = rest / unit
      if amount > 0 { text += "\(amount)\(suffix)" }
      rest -= amount * unit
    }
    return text
  }
}

/// Durations and times of day as the vendors write them.
public enum ClockDuration {
  /// Seconds of `DD HH:MM:SS` or `HH:MM:SS`, or nil.
  ///
  /// The days, and the hours if there are no days, may have any number of digits; minutes and
  /// seconds reach 60, which Rocket.Chat prints by rounding. The seconds may have a decimal fraction
  /// (`00 00:00:20.5`).
  public static func seconds(_ text: String) -> Double? {
    let words = text.trimmingSpaces().split(separator: " ")
    guard let clock = words.last, words.count <= 2 else { return nil }
    let halves = clock.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: ":", omittingEmptySubsequences: false).map(digits)
    guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2],
      minutes <= 60, seconds <= 60
    else { return nil }
    var total = hours * 3600 + minutes * 60 + seconds
    if words.count == 2 {
      guard let days = digits(words[0]) else { return nil }
      total += days * 86_400
    }
    guard halves.count == 2 else { return total }
    // As one decimal text: a sum would end in other digits than the vendor's.
    guard digits(halves[1]) != nil, seconds < 60, let whole = Int64(exactly: total) else {
      return nil
    }
    return Double("\(whole).\(halves[1])")
  }

  /// Seconds since midnight of `HH:MM` or `HH:MM:SS` up to `24:00`, or nil.
  public static func timeOfDay(_ text: String) -> Double? {
    let parts = text.trimmingSpaces()
      .split(separator: ":", omittingEmptySubsequences: false).map(digits)
    guard parts.count == 2 || parts.count == 3, let hours = parts[0],
      let minutes = parts[1], minutes < 60,
      let seconds = parts.count == 3 ? parts[2] : 0, seconds < 60
    else { return nil }
    let total = hours * 3600 + minutes * 60 + seconds
    return total <= 86_400 ? total : nil
  }

  private static func digits(_ text: Substring) -> Double? {
    guard !text.isEmpty, text.utf8.count <= 12,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Double(text)
  }
}

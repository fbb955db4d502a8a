public import HTTPTransport

/// How long a vendor asks to wait, in whichever of the known ways it says so.
public enum RetryHint {
  /// No hint holds a target for longer than a day.
  static let longest = 86_400.0

  /// Seconds to wait from `now` (Unix seconds), or nil where the answer does not say.
  ///
  /// Sources: `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3); Rocket.Chat's
  /// `X-RateLimit-Reset` in epoch milliseconds, and its text "You must wait N seconds".
  public static func seconds(in response: HTTPClientResponse, now: Double) -> Double? {
    if let value = response.field("retry-after") {
      if let seconds = wholeNumber(value) { return bounded(seconds) }
      if let date = HTTPDate.parse(value, now: now) { return bounded(date - now) }
    }
    if let value = response.field("x-ratelimit-reset"), let number = wholeNumber(value) {
      // Milliseconds, seconds and a mere delay lie so far apart that the size tells them.
      if number > 1e11 { return bounded(number / 1000 - now) }
      if number > 1e9 { return bounded(number - now) }
      return bounded(number)
    }
    return ErrorEnvelope.message(in: response.body).flatMap(waitInText).map(bounded)
  }

  /// Whether a vendor's error text is one of the known ones for a rate limit.
  ///
  /// Sources: Kore.ai "rate limit" (three wordings), Rocket.Chat `error-too-many-requests`.
  public static func speaksOfRateLimit(_ text: String) -> Bool {
    let lower = text.lowercased()
    return lower.contains("rate limit") || lower.contains("too-many-requests")
      || lower.contains("too many requests")
  }

  /// The N of "wait N seconds".
  static func waitInText(_ text: String) -> Double? {
    let words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "." }
    for (index, word) in words.enumerated() where word == "wait" && index + 2 < words.count {
      if words[index + 2].hasPrefix("second") { return wholeNumber(String(words[index + 1])) }
    }
    return nil
  }

  private static func wholeNumber(_ text: String) -> Double? {
    // However many digits: `bounded` has the last word.
    guard !text.isEmpty,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Double(text)
  }

  private static func bounded(_ seconds: Double) -> Double {
    min(max(seconds, 0), longest)
  }
}

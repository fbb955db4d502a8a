public import HTTPTransport

/// How long a vendor asks to wait, in whichever of the known ways it says so.
public enum RetryHint {
  /// No number of seconds holds a target for longer than an hour, unless a limit's window is wider.
  static let longest = 3600.0

  /// Seconds that a rate limit asks to wait.
  ///
  /// Sources: `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3); Rocket.Chat's
  /// `X-RateLimit-Reset` in epoch milliseconds, and its text "You must wait N seconds".
  ///
  /// - Parameters:
  ///   - response: The refusal.
  ///   - now: Unix seconds; times are compared with the answer's own `Date` if it has one, for the
  ///     server's clock may be off.
  ///   - widest: The widest window of the limits in seconds, if there are any: after it nothing
  ///     counts any more, whatever a clock says.
  /// - Returns: Seconds from now, or nil if the answer does not say.
  public static func seconds(
    in response: HTTPClientResponse,
    now: Double,
    widest: Double? = nil
  ) -> Double? {
    let longest = widest ?? RetryHint.longest
    if let wait = delay(in: response, now: now, longest: longest) { return wait }
    if let value = response.field("x-ratelimit-reset"), let number = wholeNumber(value) {
      let now = clock(of: response) ?? now
      // Milliseconds, seconds and a mere delay lie so far apart that the size tells them.
      let wait = number > 1e11 ? number / 1000 - now : number > 1e9 ? number - now : number
      return bounded(wait, longest)
    }
    return ErrorEnvelope.message(in: response.body).flatMap(waitInText)
      .map { bounded($0, max(longest, RetryHint.longest)) }
  }

  /// Seconds of `Retry-After`, which any refusal and redirect may have.
  static func delay(
    in response: HTTPClientResponse,
    now: Double,
    longest: Double = RetryHint.longest
  ) -> Double? {
    guard let value = response.field("retry-after") else { return nil }
    if let seconds = wholeNumber(value) {
      return bounded(seconds, max(longest, RetryHint.longest))
    }
    guard let date = HTTPDate.parse(value, now: now) else { return nil }
    return bounded(date - (clock(of: response) ?? now), longest)
  }

  /// The server's clock when it answered (RFC 9110, section 6.6.1).
  private static func clock(of response: HTTPClientResponse) -> Double? {
    response.field("date").flatMap { HTTPDate.parse($0) }
  }

  /// Whether a vendor's error text is one of the known ones for a rate limit.
  ///
  /// Sources: Kore.ai "rate limit" (three wordings), Rocket.Chat `error-too-many-requests`; GraphQL
  /// servers' codes `RATE_LIMITED`, `TOO_MANY_REQUESTS` and `THROTTLED`.
  public static func speaksOfRateLimit(_ text: String) -> Bool {
    let lower = text.lowercased().replacing("_", with: " ").replacing("-", with: " ")
    return ["rate limit", "ratelimit", "too many requests", "throttled"].contains {
      lower.contains($0)
    }
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

  private static func bounded(_ seconds: Double, _ longest: Double) -> Double {
    min(max(seconds, 0), longest)
  }
}

import CollectorKit

/// When a target is polled again after a poll that brought nothing.
struct Backoff: Sendable {
  /// The target's interval in seconds.
  let interval: Double
  private(set) var failures = 0

  /// The longest pause, in intervals.
  private static let cap = 10.0
  /// By how much a pause may grow at random, so that targets that fell together do not rise
  /// together.
  private static let jitter = 0.2

  init(interval: Double) {
    self.interval = interval
  }

  /// A poll succeeded, at least in part.
  mutating func succeeded() {
    failures = 0
  }

  /// A poll failed.
  ///
  /// - Parameters:
  ///   - error: Why.
  ///   - random: 0 to 1, for the jitter.
  /// - Returns: Seconds until the next poll: never less than an interval.
  mutating func failed(_ error: CollectionError, random: Double) -> Double {
    failures += 1
    let doubled = interval * Double(1 << min(failures - 1, 10))
    let spread = min(doubled * (1 + Backoff.jitter * random), interval * Backoff.cap)
    switch error.reason {
    case .auth, .budget:
      // Refused credentials are tried once an interval: often enough to notice that they were
      // mended, too seldom to be locked out.
      return max(interval, error.retryAfter ?? 0)
    case .rateLimited:
      return error.retryAfter.map { max(interval, $0) } ?? spread
    default:
      // As with 503 (RFC 9110, section 10.2.3).
      return max(spread, error.retryAfter ?? 0)
    }
  }
}

/// Something that goes wrong at a vendor until it is taken back.
///
/// A fault that has no meaning for a vendor (``usersAsStrings`` for Experia) changes nothing there.
public enum Fault: Equatable, Sendable {
  /// How a refused client is told when to come again.
  public enum RetryAfter: Equatable, Sendable {
    /// `Retry-After` as a number of seconds.
    case seconds(Int)
    /// `Retry-After` as an HTTP date so many seconds ahead.
    case date(secondsAhead: Int)
    /// `X-RateLimit-Reset` in epoch milliseconds, as Rocket.Chat sends it.
    case rocketChatResetMilliseconds(secondsAhead: Int)
    /// Only in the message: "You must wait N seconds".
    case textOnly(Int)
  }

  /// 401 in the vendor's own envelope.
  case refuse401
  /// 403 in the vendor's own envelope.
  case refuse403
  /// 429 in the vendor's own envelope; nil says nothing about when to come again.
  case rateLimited(retryAfter: RetryAfter?)
  /// 500 in the vendor's own envelope.
  case internalError500
  /// 503 with a gateway's HTML page.
  case unavailable503
  /// 302 to another address.
  case redirect(to: String)
  /// 200 with a login page instead of JSON.
  case htmlWith200
  /// The first half of the right answer, with a `Content-Length` that fits it.
  case truncatedJSON
  /// 200 announced as JSON with plain text inside.
  case notJSON
  /// 200 and no body.
  case emptyBody
  /// 200 with a JSON string of so many bytes, correctly announced.
  case hugeBody(bytes: Int)
  /// The vendor's error envelope with status 200.
  case errorEnvelopeWith200
  /// No answer, ever.
  case hang
  /// The connection is reset instead of answered.
  case reset
  /// Rocket.Chat: 200 with empty arrays, as for an unknown chart.
  case emptyArrays
  /// Samespace: `"dashboard": null`.
  case nullDashboard
  /// Samespace: `"getInsightData": null`.
  case nullInsight
  /// Kore.ai: every number of users is a string.
  case usersAsStrings
  /// Kore.ai: a widget's `skip`, which no page of the vendor's knows, is ignored.
  case skipIgnored
}

/// By when what a connection waits for must have come: the first request, the rest of a head or body, or
/// the next request.
struct ReadDeadline {
  /// Since when the head or body that is being read counts against its deadline.
  private var since: UInt64
  private var wasInsideRequest = false
  private var wasInsideBody = false
  private var hasServed = false

  /// The time of the first head runs from the accept.
  init(now: UInt64) {
    since = now
  }

  /// A request has come whole.
  mutating func requestHasCome() {
    hasServed = true
  }

  /// The wait for the next request begins.
  mutating func restart(now: UInt64) {
    since = now
    wasInsideRequest = false
    wasInsideBody = false
  }

  /// The deadline of what the parser waits for.
  mutating func time(for parser: RequestParser, limits: ListenerLimits, now: UInt64) -> UInt64 {
    let isInsideRequest = parser.isInsideRequest
    let isInsideBody = parser.isInsideBody
    if isInsideRequest != wasInsideRequest || isInsideBody != wasInsideBody {
      if isInsideBody || hasServed { since = now }
      wasInsideRequest = isInsideRequest
      wasInsideBody = isInsideBody
    }
    let patience =
      if isInsideBody {
        limits.bodyDeadline
      } else if isInsideRequest || !hasServed {
        limits.headDeadline
      } else {
        limits.idleTimeout
      }
    return MonotonicTime.after(patience, from: since)
  }
}

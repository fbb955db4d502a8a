import CollectorKit

/// At most so many requests in any span of so many seconds, as the vendor counts them.
///
/// The vendor counts a request when it arrives, which is some time between our sending it and its
/// answer's end. So a slot is taken when the request is let through and comes free one window
/// after its *end*: whatever the delays on the way, two requests that share a slot reach the
/// vendor at least a window apart.
struct SlidingWindow: Sendable {
  private(set) var limit: RateLimit
  private var inFlight = 0
  /// When finished requests ended, ascending; never more than the limit allows.
  private var ended: [Double] = []

  /// The window is taken a little longer than the vendor's, for clocks that run unevenly and for
  /// vendors that count both edges.
  private static let margin = 1.001

  init(_ limit: RateLimit) {
    self.limit = limit
  }

  /// A window that goes on where an earlier one stopped.
  ///
  /// - Parameters:
  ///   - limit: The limit.
  ///   - ended: When requests ended, ascending, in `uptime`.
  init(_ limit: RateLimit, ended: [Double]) {
    self.limit = limit
    self.ended = ended.suffix(limit.requests)
  }

  /// Requests that take a slot at that time.
  mutating func taken(at uptime: Double) -> (inFlight: Int, ended: [Double]) {
    forget(before: uptime)
    return (inFlight, ended)
  }

  /// The same requests under another limit.
  func with(_ limit: RateLimit) -> SlidingWindow {
    var copy = self
    copy.limit = limit
    return copy
  }

  /// Slots taken at that time.
  mutating func used(at uptime: Double) -> Int {
    forget(before: uptime)
    return inFlight + ended.count
  }

  /// When a slot is free: now or later; nil where that waits for a request in flight.
  mutating func free(at uptime: Double) -> Double? {
    if used(at: uptime) < limit.requests { return uptime }
    return ended.first.map { $0 + limit.window * SlidingWindow.margin }
  }

  /// Takes a slot; the caller has seen that one is free.
  mutating func enter() {
    inFlight += 1
  }

  /// Ends a request, whose slot stays taken for a window.
  mutating func leave(at uptime: Double) {
    // A window that came with a change of limits may not have seen the request enter.
    inFlight = max(0, inFlight - 1)
    ended.append(max(uptime, ended.last ?? uptime))
  }

  private mutating func forget(before uptime: Double) {
    let length = limit.window * SlidingWindow.margin
    let stale = ended.prefix { $0 + length <= uptime }.count
    if stale > 0 { ended.removeFirst(stale) }
  }
}

/// Lets a target's requests through as its budget allows: one gate a target, one budget a
/// credential.
public protocol RequestGate: Sendable {
  /// Waits until the budget has room for one request.
  ///
  /// - Throws: `CollectionError` with the reason `budget` where there is no room in time;
  ///   `CancellationError` where the poll was cancelled.
  func enter(endpoint: String) async throws

  /// Says that a request that was let through is over; the vendor may have counted it until now.
  ///
  /// - Parameters:
  ///   - code: The answer's status, or the transport's failure: the label `code`.
  ///   - seconds: How long the request took.
  func leave(code: String, seconds: Double)

  /// Says that the vendor refused a request for its rate or is not available, and how long it asks
  /// to wait.
  func refused(retryAfter: Double?)

  /// Seconds of the widest window of the budget's limits; nil without limits.
  var widestWindow: Double? { get }
}

extension RequestGate {
  /// No limits.
  public var widestWindow: Double? { nil }
}

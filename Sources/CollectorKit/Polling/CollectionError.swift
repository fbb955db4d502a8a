/// One failed request or answer of a poll.
public struct CollectionError: Error, Sendable, Equatable {
  /// The kind of failure.
  public var reason: FailureReason
  /// Which request: `POST /v2/dashboard view=all period=daily`; never a secret.
  public var endpoint: String
  /// What was seen and what to do, in one line; never a secret.
  public var message: String
  /// How many seconds the vendor asked to wait, where it did.
  public var retryAfter: Double?
  /// The answer's status, where there was one.
  public var status: Int?

  /// Whether the rest of a poll would fail in the same way: by its reason, or because the vendor
  /// asked to wait.
  ///
  /// A vendor that refuses with 200, as GraphQL servers do, may have refused the one thing that was
  /// asked for.
  public var endsPoll: Bool {
    if reason == .auth, let status, (200...299).contains(status) { return false }
    return reason.endsPoll || (retryAfter ?? 0) > 0
  }

  /// A failure of a request.
  public init(
    _ reason: FailureReason,
    endpoint: String,
    _ message: String,
    retryAfter: Double? = nil,
    status: Int? = nil
  ) {
    self.reason = reason
    self.endpoint = endpoint
    self.message = message
    self.retryAfter = retryAfter
    self.status = status
  }
}

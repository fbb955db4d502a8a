/// What one client, and all of them together, may take from the listener.
public struct ListenerLimits: Sendable, Hashable {
  /// Connections served at a time; more get 503 at once.
  public var maxConnections = 512
  /// Bytes of request line and fields; more is 431.
  ///
  /// Half of it bounds the request line, where more is 414.
  public var maxHeadBytes = 16_384
  /// Fields in one request; more is 431.
  public var maxFields = 100
  /// Bytes of a request's body; more is 413.
  public var maxBodyBytes = 65_536
  /// Deferred answers that are under way at a time; more get 503.
  public var maxPendingAnswers = 256
  /// From the head's first byte, or from the accept for the first head, to its end.
  public var headDeadline: Duration = .seconds(10)
  /// From the head's end to the body's.
  public var bodyDeadline: Duration = .seconds(30)
  /// How long a connection may stay open between two requests.
  public var idleTimeout: Duration = .seconds(120)
  /// How long a client may take nothing of an answer that waits for it.
  public var writeStallTimeout: Duration = .seconds(30)
  /// Bytes a second that a client must take of an answer, counted from the end of
  /// `writeStallTimeout`: one that takes a few now and then would keep its connection for hours.
  public var minWriteRate = 4096
  /// How long to read on, and drop what comes, after an answer that ends the connection.
  public var lingerTimeout: Duration = .seconds(2)
  /// Bytes that are dropped in that time before the connection is cut.
  public var maxLingerBytes = 1_048_576

  /// The defaults.
  public init() {}
}

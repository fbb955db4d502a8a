/// So many requests in so many seconds, in a window that slides.
public struct RequestLimit: Equatable, Sendable {
  /// How many requests are admitted.
  public let requests: Int
  /// The window's length in seconds.
  public let window: Double

  /// A limit of `requests` in `window` seconds.
  public init(requests: Int, window: Double) {
    self.requests = requests
    self.window = window
  }
}

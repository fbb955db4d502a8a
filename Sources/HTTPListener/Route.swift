/// One path and method, and who answers them.
public struct Route: Sendable {
  /// The method, upper case; a route for GET answers HEAD as well.
  public let method: String
  /// The decoded path, whole; one that ends in `/*` stands for every path below it.
  public let path: String
  /// What requests to this route are counted under.
  public let name: String
  /// Answers a request; runs on the listener's loop, so it never blocks.
  public let answer: @Sendable (HTTPRequest) -> HTTPAnswer

  /// A route; its name is the path unless told otherwise.
  public init(
    _ method: String,
    _ path: String,
    name: String? = nil,
    answer: @escaping @Sendable (HTTPRequest) -> HTTPAnswer
  ) {
    self.method = method
    self.path = path
    self.name = name ?? path
    self.answer = answer
  }
}

/// A request that a simulated vendor received.
public struct RecordedRequest: Sendable {
  /// When it came, in Unix seconds of the simulator's clock.
  public let time: Double
  /// The method.
  public let method: String
  /// The decoded path.
  public let path: String
  /// The status of the answer; nil where a fault left it without one.
  public let status: Int?
}

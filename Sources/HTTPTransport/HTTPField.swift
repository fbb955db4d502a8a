/// One header field; names compare without case (RFC 9110, section 5.1).
public struct HTTPField: Sendable, Equatable {
  /// The name as it was written.
  public var name: String
  /// The value without surrounding white space.
  public var value: String

  /// Pairs a name with a value.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

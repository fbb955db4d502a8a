/// A coding key for objects whose keys are known only at run time.
public struct AnyKey: CodingKey, Sendable {
  /// The key's text.
  public let stringValue: String

  /// Objects have no numeric keys.
  public var intValue: Int? { nil }

  /// A key with that text.
  public init(_ text: String) {
    stringValue = text
  }

  /// A key with that text.
  public init?(stringValue: String) {
    self.stringValue = stringValue
  }

  /// No key: objects have no numeric keys.
  public init?(intValue: Int) {
    nil
  }
}

/// Why the storage cannot be used: what, where, what was seen and what to do, in one line.
public struct StorageError: Error, Sendable, CustomStringConvertible {
  /// The line for people.
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}

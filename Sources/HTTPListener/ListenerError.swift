/// Why a listener could not be set up: one line that names the address and says what to do.
public struct ListenerError: Error, Hashable, CustomStringConvertible {
  /// The line for the user.
  public let message: String

  /// An error with its line for the user.
  public init(message: String) {
    self.message = message
  }

  /// The same line.
  public var description: String { message }
}

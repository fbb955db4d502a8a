/// Why a configuration was refused: every error in it, in reading order.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The errors, and the warnings met on the way.
  public let issues: [ConfigurationIssue]

  /// An error that reports these issues.
  public init(issues: [ConfigurationIssue]) {
    self.issues = issues
  }

  /// One line an issue.
  public var description: String {
    issues.map(\.description).joined(separator: "\n")
  }
}

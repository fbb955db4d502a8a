/// One thing that is wrong, or doubtful, in a configuration file.
public struct ConfigurationIssue: Sendable, Hashable, CustomStringConvertible {
  /// Whether the configuration can be used all the same.
  public enum Severity: Sendable, Hashable {
    /// The configuration is refused.
    case error
    /// The configuration is used, and the operator told.
    case warning
  }

  /// Whether the configuration can be used all the same.
  public let severity: Severity
  /// The file's path as it was given.
  public let file: String
  /// The place in the file; nil where the whole file is meant.
  public let mark: Mark?
  /// The key's path, such as `targets[0].sla`; empty where the whole file is meant.
  public let keyPath: String
  /// What is wrong and what to do, without the place; never holds a secret.
  public let message: String

  /// Describes one issue.
  public init(
    severity: Severity,
    file: String,
    mark: Mark?,
    keyPath: String,
    message: String
  ) {
    self.severity = severity
    self.file = file
    self.mark = mark
    self.keyPath = keyPath
    self.message = message
  }

  /// One line, whatever a key is: `config.yaml:12:5: targets[0].intervall: unknown key; did you mean "interval"?`.
  public var description: String {
    var line = file
    if let mark { line += ":\(mark.line):\(mark.column)" }
    if !keyPath.isEmpty { line += ": " + Excerpt.oneLine(keyPath) }
    return line + ": " + Excerpt.oneLine(message)
  }

  /// The same, after `warning: ` if that is what it is: for people who see no level beside it.
  public var line: String {
    (severity == .warning ? "warning: " : "") + description
  }
}

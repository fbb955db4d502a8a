/// Collects what is wrong in one file while it is decoded, so that everything is told at once.
///
/// It belongs to one decoding and stays on its thread; the issues it hands out are values.
public final class Diagnostics {
  /// The file that issues name.
  public let file: String
  private var recorded: [ConfigurationIssue] = []
  private var seen: Set<ConfigurationIssue> = []
  /// Where values stand that were read as secrets, for whoever shows the file.
  private(set) var secretMarks: Set<Mark> = []

  /// Nothing wrong yet in the file of that name.
  public init(file: String) {
    self.file = file
  }

  /// Everything recorded, in reading order; what concerns the whole file comes first.
  public var issues: [ConfigurationIssue] {
    recorded.enumerated().sorted { left, right in
      switch (left.element.mark, right.element.mark) {
      case (nil, nil): left.offset < right.offset
      case (nil, _): true
      case (_, nil): false
      case (let first?, let second?):
        first == second ? left.offset < right.offset : first < second
      }
    }.map(\.element)
  }

  /// What forbids using the configuration, in reading order.
  public var errors: [ConfigurationIssue] {
    issues.filter { $0.severity == .error }
  }

  /// What the operator should know, in reading order.
  public var warnings: [ConfigurationIssue] {
    issues.filter { $0.severity == .warning }
  }

  /// Whether anything forbids using the configuration.
  public var hasErrors: Bool {
    recorded.contains { $0.severity == .error }
  }

  /// Records an error.
  ///
  /// - Parameters:
  ///   - message: What is wrong, what was seen and what to do; never a secret.
  ///   - mark: The place, or nil for the whole file.
  ///   - keyPath: The key's path, empty for the whole file.
  public func report(_ message: String, at mark: Mark?, keyPath: String) {
    record(
      ConfigurationIssue(
        severity: .error,
        file: file,
        mark: mark,
        keyPath: keyPath,
        message: message
      )
    )
  }

  /// Records a warning.
  ///
  /// - Parameters:
  ///   - message: What is doubtful and what to do; never a secret.
  ///   - mark: The place, or nil for the whole file.
  ///   - keyPath: The key's path, empty for the whole file.
  public func warn(_ message: String, at mark: Mark?, keyPath: String) {
    record(
      ConfigurationIssue(
        severity: .warning,
        file: file,
        mark: mark,
        keyPath: keyPath,
        message: message
      )
    )
  }

  /// Throws everything recorded if any of it is an error.
  public func throwIfErrors() throws(ConfigurationError) {
    if hasErrors { throw ConfigurationError(issues: issues) }
  }

  /// Records an issue once, for a key may be read more than once.
  func record(_ issue: ConfigurationIssue) {
    if seen.insert(issue).inserted { recorded.append(issue) }
  }

  /// Notes that the scalar at this place is a secret.
  func markSecret(at mark: Mark) {
    secretMarks.insert(mark)
  }
}

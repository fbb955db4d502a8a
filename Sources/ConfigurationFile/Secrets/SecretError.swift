/// Why a secret could not be had; names the file, never what is in it.
public struct SecretError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file the secret is read from; nil for a secret given directly.
  public let file: String?
  /// What is wrong, as a predicate such as `is empty`.
  public let reason: String

  /// One clause: `the secret file "/etc/key" cannot be read: No such file or directory`.
  public var description: String {
    guard let file else { return "the secret \(reason)" }
    return "the secret file \(Excerpt.path(file)) \(reason)"
  }
}

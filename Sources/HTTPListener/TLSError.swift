/// Why TLS could not be set up: which setting, and what is wrong with it.
public struct TLSError: Error, Hashable, CustomStringConvertible {
  /// The setting that is to blame.
  public enum Setting: Sendable, Hashable {
    /// The certificate chain's file.
    case certificate
    /// The private key's file.
    case key
    /// The file of the clients' authorities.
    case clientAuthority
    /// The cipher suites.
    case cipherSuites
    /// The curves.
    case curves
    /// The versions.
    case versions
  }

  /// The setting that is to blame.
  public let setting: Setting
  /// What is wrong and what to do.
  public let message: String

  /// The same message.
  public var description: String { message }
}

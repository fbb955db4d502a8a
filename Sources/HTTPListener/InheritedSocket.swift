/// A listening socket that was open when the process started, as sd_listen_fds(3) passes them.
public struct InheritedSocket: Sendable, Hashable {
  /// The open descriptor; whoever listens on it closes it.
  public let descriptor: Int32
  /// What the one who passed it calls it; for messages.
  public let name: String

  /// A socket under that descriptor.
  public init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }
}

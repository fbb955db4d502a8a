/// Hears of what the handler never sees.
public protocol ListenerObserver: Sendable {
  /// The listener itself answered: a malformed request, a limit, or no room for the connection.
  ///
  /// Called on the listener's loop, so it never blocks.
  func refused(status: Int)
}

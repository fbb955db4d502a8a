/// What the listener asks before it serves: TLS for a connection, fields for an answer.
///
/// It is asked anew each time, so that certificates and rules may change while connections stay.
public protocol ListenerSecurity: Sendable {
  /// The context for a connection that comes in now; nil for plain HTTP.
  ///
  /// Called on the listener's loop. Whether there is one must not change while the listener runs.
  func connectionContext() -> TLSContext?
  /// Fields for every answer that does not have them already; called on the listener's loop.
  func responseFields() -> [(name: String, value: String)]
}

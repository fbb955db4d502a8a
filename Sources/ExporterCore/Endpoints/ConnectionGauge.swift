import HTTPListener
import Synchronization

/// Reads the connection count of a listener that is made after the families that show it.
final class ConnectionGauge: Sendable {
  /// Weak: the listener's handler holds this gauge.
  private struct Reference {
    weak var listener: HTTPServer?
  }

  private let reference = Mutex(Reference())

  var value: Int { reference.withLock { $0.listener }?.connectionCount ?? 0 }

  func follow(_ listener: HTTPServer) {
    reference.withLock { $0.listener = listener }
  }
}

import Synchronization

/// A flag that is set once.
final class StopFlag: Sendable {
  private let value = Atomic(false)

  /// Whether it was set.
  var isSet: Bool { value.load(ordering: .acquiring) }

  /// Sets it.
  func set() { value.store(true, ordering: .releasing) }
}

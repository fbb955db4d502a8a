import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// A descriptor kept back for the moment when the process has no other left.
///
/// Giving it up makes room to accept one waiting client and turn it away; without it the client
/// would wait, and the listening socket would report it without end.
struct ReserveDescriptor: ~Copyable {
  private var descriptor: Int32 = -1

  init() {
    refill()
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Frees the descriptor for other use; false where there is none.
  mutating func giveUp() -> Bool {
    guard descriptor >= 0 else { return false }
    close(descriptor)
    descriptor = -1
    return true
  }

  /// Takes a descriptor back, where there is one.
  mutating func refill() {
    guard descriptor < 0 else { return }
    descriptor = eventfd(0, Int32(EFD_CLOEXEC))
  }
}

import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// A pipe of the largest size that an unprivileged process may have by default (pipe(7)).
final class Pipe {
  /// The end that is read from.
  private(set) var reading: Int32 = -1
  /// The end that is written to.
  private(set) var writing: Int32 = -1

  /// Bytes; as many pages as fill them are the most that it holds, full or not.
  static let size: Int32 = 1_048_576

  /// nil where the system gives none of that size.
  init?() {
    guard unsafe cx_pipe(&reading, &writing) == 0, cx_set_pipe_size(writing, Pipe.size) == 0
    else { return nil }
  }

  deinit {
    for descriptor in [reading, writing] where descriptor >= 0 { close(descriptor) }
  }

  /// Moves so many bytes to where they are dropped; false where that fails.
  func empty(_ count: Int, into sink: Int32) -> Bool {
    var rest = count
    while rest > 0 {
      let dropped = cx_move(reading, sink, rest)
      guard dropped > 0 else { return false }
      rest -= dropped
    }
    return true
  }
}

import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// The way of pages from memory to sockets: a pipe, empty but for the moment of a write.
///
/// One serves all connections of a loop.
final class PagePipe {
  private var reading: Int32 = -1
  private var writing: Int32 = -1
  /// Takes what a socket had no room for.
  private let sink: Int32
  /// Whether the system does not let pages be sent so: then they are copied, as everything else.
  private var isRefused: Bool

  /// What an unprivileged process may have by default (pipe(7)), in bytes.
  private static let size: Int32 = 1_048_576

  /// A pipe, or where the system gives none an object that sends nothing.
  init() {
    sink = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
    let isOpen = unsafe cx_pipe(&reading, &writing) == 0 && sink >= 0
    isRefused = !isOpen || cx_set_pipe_size(writing, PagePipe.size) != 0
  }

  deinit {
    for descriptor in [reading, writing, sink] where descriptor >= 0 { close(descriptor) }
  }

  /// Sends what the socket takes.
  ///
  /// A peer that is gone would be a signal as well, but the loop's thread takes none.
  ///
  /// - Returns: How many bytes, -1 with `errno` set, or nil where pages cannot be sent.
  func send(_ pages: AnswerPages, from offset: Int, to socket: Int32) -> Int? {
    guard !isRefused else { return nil }
    let lent = unsafe pages.withBytes(from: offset) { bytes in
      unsafe cx_lend(writing, bytes.baseAddress, bytes.count)
    }
    guard lent > 0 else { return refuse() }
    let sent = cx_move(reading, socket, lent)
    let cause = errno
    if sent < lent, !empty(lent - max(0, sent)) {
      // What is left in it must never be sent.
      isRefused = true
      return sent > 0 ? sent : nil
    }
    if sent < 0, cause == EPERM || cause == ENOSYS || cause == EINVAL { return refuse() }
    errno = cause
    return sent
  }

  private func refuse() -> Int? {
    isRefused = true
    return nil
  }

  /// Drops so many bytes from the pipe.
  private func empty(_ count: Int) -> Bool {
    var rest = count
    while rest > 0 {
      let dropped = cx_move(reading, sink, rest)
      guard dropped > 0 else { return false }
      rest -= dropped
    }
    return true
  }
}

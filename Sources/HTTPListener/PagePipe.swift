import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// The way of pages from memory to sockets: a pipe, empty but for the moment of a write.
///
/// One serves all connections of a loop. It is opened when the first answer wants it.
final class PagePipe {
  private var reading: Int32 = -1
  private var writing: Int32 = -1
  /// Takes what a socket had no room for.
  private var sink: Int32 = -1

  /// Whether it can be used; false where the process can open no more files.
  var isOpen: Bool {
    if sink >= 0 { return true }
    if reading < 0, unsafe cx_page_pipe(&reading, &writing) != 0 { return false }
    sink = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
    return sink >= 0
  }

  deinit {
    for descriptor in [reading, writing, sink] where descriptor >= 0 { close(descriptor) }
  }

  /// Sends what the socket takes.
  ///
  /// A peer that is gone would be a signal as well, but the loop's thread takes none.
  ///
  /// - Returns: How many bytes, or -1 with `errno` set.
  func send(_ pages: AnswerPages, from offset: Int, to socket: Int32) -> Int {
    unsafe pages.withBytes(from: offset) { bytes in
      unsafe cx_send_pages(socket, reading, writing, sink, bytes.baseAddress, bytes.count)
    }
  }
}

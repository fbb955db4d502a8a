private import Synchronization

#if canImport(Glibc)
private import Glibc
#endif

/// Standard error, whole lines whatever the number of threads.
public struct StandardErrorSink: LogSink {
  /// A write to a pipe is only atomic up to `PIPE_BUF` bytes (POSIX, `write`), hence one at a time.
  private static let turn = Mutex(())

  private let descriptor: Int32

  /// The process's standard error.
  public init() {
    self.init(descriptor: STDERR_FILENO)
  }

  /// Another open descriptor; the caller closes it.
  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Writes the line; what cannot be written is dropped, for there is nowhere left to say so.
  public func write(_ line: [UInt8]) {
    StandardErrorSink.turn.withLock { _ in
      unsafe line.withUnsafeBytes { bytes in
        var rest = unsafe bytes
        while let base = rest.baseAddress, unsafe !rest.isEmpty {
          let written = unsafe Glibc.write(descriptor, base, rest.count)
          if written > 0 {
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
          } else if written == 0 || !canRetry(after: errno) {
            return
          }
        }
      }
    }
  }

  /// Whether another attempt makes sense.
  ///
  /// Whoever started the process may share a descriptor that does not block; a full pipe then gets a
  /// second to drain before the rest of the line is given up.
  private func canRetry(after error: Int32) -> Bool {
    if error == EINTR { return true }
    guard error == EAGAIN || error == EWOULDBLOCK else { return false }
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&request, 1, 1000) > 0
  }
}

private import Synchronization

#if canImport(Glibc)
private import Glibc
#endif

/// Standard error, whole lines whatever the number of threads.
///
/// A reader that has stopped reading costs log lines and nothing else: no thread of the agent
/// waits for it longer than a moment, and once it reads again it is told how much it missed.
public struct StandardErrorSink: LogSink {
  /// One line at a time, for a write to a pipe is only atomic up to `PIPE_BUF` bytes (POSIX,
  /// `write`), and how many lines were dropped since the last one that was written.
  private final class Turn: Sendable {
    let dropped = Mutex(0)
  }

  /// Whoever writes to the process's standard error takes turns.
  private static let standardError = Turn()
  /// A pipe that is reported writable takes so many bytes without blocking (pipe(7), `PIPE_BUF`).
  private static let chunk = 4096
  /// Milliseconds that a reader gets to make room, once.
  private static let patience: Int32 = 1000

  private let descriptor: Int32
  private let turn: Turn

  /// The process's standard error.
  public init() {
    descriptor = STDERR_FILENO
    turn = StandardErrorSink.standardError
  }

  /// Another open descriptor; the caller closes it.
  init(descriptor: Int32) {
    self.descriptor = descriptor
    turn = Turn()
  }

  /// Writes the line; what cannot be written is dropped and counted.
  public func write(_ line: [UInt8]) {
    turn.dropped.withLock { dropped in
      if dropped > 0 {
        // While nobody reads, not even a moment is spent on waiting.
        guard isWritable(within: 0) else {
          dropped += 1
          return
        }
        // The line that was broken off ends first.
        let note = "\nlevel=WARN msg=\"log lines were dropped: nobody read them\" count="
        guard send(Array("\(note)\(dropped)\n".utf8)) else { return }
        dropped = 0
      }
      if !send(line) { dropped += 1 }
    }
  }

  /// Writes all bytes; false where there was no room, or no reader, in time.
  private func send(_ bytes: [UInt8]) -> Bool {
    unsafe bytes.withUnsafeBytes { buffer in
      var rest = unsafe buffer
      while let base = rest.baseAddress, unsafe !rest.isEmpty {
        guard isWritable(within: StandardErrorSink.patience) else { return false }
        let count = min(rest.count, StandardErrorSink.chunk)
        let written = unsafe Glibc.write(descriptor, base, count)
        if written > 0 {
          unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        } else if written == 0 || ![EINTR, EAGAIN, EWOULDBLOCK].contains(errno) {
          return false
        }
      }
      return true
    }
  }

  private func isWritable(within milliseconds: Int32) -> Bool {
    while true {
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      let count = unsafe poll(&request, 1, milliseconds)
      if count < 0, errno == EINTR { continue }
      return count > 0
    }
  }
}

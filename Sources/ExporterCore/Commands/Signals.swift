import CLinux
private import Dispatch
private import Glibc
private import Synchronization

/// The writing end of the pipe, for the signal handler; -1 while nobody waits for signals.
private let writingEnd = Atomic<Int32>(-1)

/// Waits for the signals that end or reload the agent.
///
/// A handler writes each signal's number to a pipe. A dispatch source for signals would lose one that
/// comes before the source is in place: it is set up later, on another thread.
final class Signals {
  /// What a signal asks for.
  enum Request: Sendable {
    /// SIGTERM or SIGINT.
    case terminate
    /// SIGHUP.
    case reload
  }

  /// The requests in the order in which they come.
  let requests: AsyncStream<Request>
  private let source: any DispatchSourceRead

  /// Takes the signals over from their default actions.
  ///
  /// - Returns: nil where the system has no descriptors for a pipe; `errno` says why.
  init?() {
    var ends: (reading: Int32, writing: Int32) = (-1, -1)
    guard unsafe cx_pipe(&ends.reading, &ends.writing) == 0 else { return nil }
    let reading = ends.reading
    let (stream, continuation) = AsyncStream.makeStream(of: Request.self)
    requests = stream
    source = DispatchSource.makeReadSource(fileDescriptor: reading, queue: .global())
    source.setEventHandler {
      var number: UInt8 = 0
      while unsafe read(reading, &number, 1) == 1 {
        continuation.yield(Int32(number) == SIGHUP ? .reload : .terminate)
      }
    }
    source.setCancelHandler { close(reading) }
    source.resume()
    // Before the handler, which may not be the first to touch it.
    writingEnd.store(ends.writing, ordering: .sequentiallyConsistent)
    for number in [SIGTERM, SIGINT, SIGHUP] {
      signal(number) { number in
        // What is interrupted may look at errno next.
        let before = errno
        var byte = UInt8(truncatingIfNeeded: number)
        // It fails only where thousands of signals wait already.
        _ = unsafe write(writingEnd.load(ordering: .relaxed), &byte, 1)
        errno = before
      }
    }
  }

  deinit {
    for number in [SIGTERM, SIGINT, SIGHUP] { signal(number, SIG_IGN) }
    close(writingEnd.exchange(-1, ordering: .sequentiallyConsistent))
    source.cancel()
  }
}

import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// An answer in a file in memory (memfd_create(2)), which the kernel sends without copying it.
///
/// For one that is sent many times: its pages go to the socket as they are, and stay in the
/// processor's caches from one answer to the next. It is never written again, since its pages may still be on
/// their way when the file is closed.
final class AnswerFile: Sendable {
  private let descriptor: Int32
  private let count: Int

  /// Below this a copy costs less than references to pages, above it again.
  private static let worthwhile = 16_384...524_288

  /// The segments, one after the other; nil where a copy is as good or no file can be had.
  init?(_ segments: [[UInt8]], count: Int) {
    self.count = count
    guard AnswerFile.worthwhile.contains(count) else { return nil }
    descriptor = cx_memory_file()
    guard descriptor >= 0 else { return nil }
    for segment in segments {
      let written = unsafe segment.withUnsafeBytes { bytes in
        unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      }
      guard written == segment.count else { return nil }
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Sends what the socket takes.
  ///
  /// A peer that is gone would be a signal as well, but the loop's thread takes none.
  ///
  /// - Returns: How many bytes, or -1 with `errno` set.
  func send(from offset: Int, to socket: Int32) -> Int {
    var position = off_t(offset)
    return unsafe sendfile(socket, descriptor, &position, count - offset)
  }
}

#if canImport(Glibc)
import Glibc
#endif

/// An answer in pages of its own, which the kernel sends without copying them (vmsplice(2)).
///
/// For one that is sent many times: its pages go to the socket as they are, and stay in the processor's
/// caches from one answer to the next. They are never written again, and the kernel keeps those that are
/// still on their way when the memory is given back.
@safe final class AnswerPages: @unchecked Sendable {
  // Unchecked because of the pointer: what it points to does not change after init.
  private let start: UnsafeRawPointer
  /// Bytes.
  let count: Int

  /// Below this a copy costs less than references to pages; above it one copy too many would be kept.
  private static let worthwhile = 16_384...4_194_304

  /// The segments, one after the other; nil where a copy is as good or no memory can be had.
  init?(_ segments: [[UInt8]], count: Int) {
    guard AnswerPages.worthwhile.contains(count) else { return nil }
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE
    let pages = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let pages = unsafe pages, unsafe pages != MAP_FAILED else { return nil }
    var rest = unsafe UnsafeMutableRawBufferPointer(start: pages, count: count)
    for segment in segments {
      unsafe rest.copyBytes(from: segment)
      unsafe rest = UnsafeMutableRawBufferPointer(rebasing: rest[segment.count...])
    }
    unsafe start = UnsafeRawPointer(pages)
    self.count = count
  }

  deinit {
    unsafe munmap(UnsafeMutableRawPointer(mutating: start), count)
  }

  /// Calls `send` with what follows the offset.
  func withBytes(from offset: Int, _ send: (UnsafeRawBufferPointer) -> Int) -> Int {
    unsafe send(UnsafeRawBufferPointer(start: start + offset, count: count - offset))
  }
}

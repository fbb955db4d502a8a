import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// An answer on its way out: the head and the body's segments, and how far they are written.
///
/// The segments are the handler's own arrays: nothing is joined or copied.
struct OutgoingBytes {
  /// The head; its storage serves one answer after the other.
  var head: [UInt8] = []
  private var segments: [[UInt8]] = []
  /// The segments once more, where the kernel can send them without a copy.
  private var pages: AnswerPages?
  /// -1 stands for the head.
  private var index = 0
  private var offset = 0

  /// Whether everything is written.
  var isEmpty: Bool { index >= segments.count }

  /// How many bytes are left, where nothing was written yet.
  var count: Int { segments.reduce(head.count) { $0 + $1.count } }

  /// Starts over: `head` is as the caller has filled it, the segments follow.
  mutating func begin(segments: [[UInt8]]) {
    self.segments = segments
    pages = nil
    index = -1
    offset = 0
    skipEmpty()
  }

  /// Starts over with an answer that has its head in its segments.
  mutating func begin(_ answer: PreparedAnswer) {
    head.removeAll(keepingCapacity: true)
    segments = answer.segments
    pages = answer.pages
    index = 0
    offset = 0
    skipEmpty()
  }

  /// Notes that so many bytes more are written; lets go of the segments after the last.
  mutating func advance(by count: Int) {
    var rest = count
    while rest > 0, index < segments.count {
      let left = size(of: index) - offset
      if rest < left {
        offset += rest
        return
      }
      rest -= left
      offset = 0
      index += 1
      skipEmpty()
    }
  }

  /// The pages to send and where in them to go on; nil where there are only segments.
  var pagePart: (pages: AnswerPages, offset: Int)? {
    guard let pages else { return nil }
    return (pages, segments[..<index].reduce(offset) { $0 + $1.count })
  }

  /// Calls `write` with up to 64 pieces of what is left, in order.
  func withPieces(_ write: (UnsafeMutableBufferPointer<iovec>) -> Int) -> Int {
    unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: 64) { pieces in
      unsafe gather(from: index, offset: offset, count: 0, into: pieces, then: write)
    }
  }

  /// One level of recursion a piece: every pointer is used while its array lends it.
  private func gather(
    from index: Int,
    offset: Int,
    count: Int,
    into pieces: UnsafeMutableBufferPointer<iovec>,
    then write: (UnsafeMutableBufferPointer<iovec>) -> Int
  ) -> Int {
    guard index < segments.count, count < pieces.count else {
      return unsafe write(UnsafeMutableBufferPointer(rebasing: pieces[..<count]))
    }
    let piece = index < 0 ? head : segments[index]
    return unsafe piece.withUnsafeBytes { bytes in
      var next = count
      if offset < bytes.count {
        unsafe pieces[count] = iovec(
          iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.advanced(by: offset),
          iov_len: bytes.count - offset
        )
        next += 1
      }
      return unsafe gather(from: index + 1, offset: 0, count: next, into: pieces, then: write)
    }
  }

  private func size(of index: Int) -> Int {
    index < 0 ? head.count : segments[index].count
  }

  private mutating func skipEmpty() {
    while index < segments.count, size(of: index) == 0 { index += 1 }
    if isEmpty {
      segments = []
      pages = nil
      index = 0
    }
  }
}

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
  private var file: BodyFile?
  /// -1 stands for the head.
  private var index = 0
  private var offset = 0

  /// Whether everything is written.
  var isEmpty: Bool { index >= segments.count }

  /// How many bytes are left, where nothing was written yet.
  var count: Int { segments.reduce(head.count) { $0 + $1.count } }

  /// Starts over: `head` is as the caller has filled it, the segments follow.
  ///
  /// - Parameters:
  ///   - segments: The body.
  ///   - file: Holds the same bytes; a stream may send it in their place.
  mutating func begin(segments: [[UInt8]], file: BodyFile? = nil) {
    self.segments = segments
    self.file = segments.isEmpty ? nil : file
    index = -1
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

  /// What a stream that can send files sends next.
  enum FilePart {
    /// The rest of the head, behind which a file comes.
    case head
    /// The rest of a file.
    case file(BodyFile, offset: Int)
  }

  /// What to send of an answer with a file; nil where there are only segments.
  var filePart: FilePart? {
    guard let file else { return nil }
    guard index >= 0 else { return .head }
    return .file(file, offset: segments[..<index].reduce(offset) { $0 + $1.count })
  }

  /// Calls `write` with what is left of the head.
  func withHead(_ write: (UnsafeRawBufferPointer) -> Int) -> Int {
    unsafe head.withUnsafeBytes { bytes in
      unsafe write(UnsafeRawBufferPointer(rebasing: bytes[min(offset, bytes.count)...]))
    }
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
      file = nil
      index = 0
    }
  }
}

/// What came of reading or writing without waiting.
enum StreamResult {
  /// So many bytes were moved; at least one.
  case moved(Int)
  /// Nothing now; the loop says when to try again.
  case blocked
  /// The peer has sent all it will send.
  case ended
  /// The connection is broken.
  case failed
}

/// The bytes of one connection, below HTTP: a bare socket, or what encrypts over one.
protocol ByteStream: AnyObject {
  /// The descriptor that the loop watches.
  var descriptor: Int32 { get }
  /// Reads what is there into `buffer`.
  func read(into buffer: inout [UInt8]) -> StreamResult
  /// Writes what the peer takes of `output`; the caller advances it.
  func write(_ output: OutgoingBytes) -> StreamResult
  /// Whether bytes may wait above the socket, and reading may need to write or writing to read.
  var holdsBytes: Bool { get }
  /// Bytes written that the peer has not acknowledged.
  var unsentBytes: Int { get }
  /// Tells the peer that nothing more comes.
  func finishWriting()
  /// Closes; with a reset the peer sees that something went wrong.
  func close(reset: Bool)
}

import CLinux
import COpenSSL
import Logging

#if canImport(Glibc)
import Glibc
#endif

/// A TLS server's side over a non-blocking socket.
///
/// The handshake is part of the first read or write. Either may wait for the socket's other
/// direction, so the connection tries both at every edge.
@safe final class TLSStream: ByteStream {
  private static let recordSize = 16_384
  /// What Go's servers say to such clients.
  private static let plainAnswer = """
    HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n\
    Client sent an HTTP request to an HTTPS server.\n
    """

  private let socket: SocketStream
  /// Kept for what the connection's state points to.
  private let context: TLSContext
  private let ssl: OpaquePointer
  private let logger: Logger
  private var hasFailed = false
  private var hasSaidGoodbye = false
  private var isOpen = true

  /// Takes over the socket; nil without memory for it.
  init?(_ socket: SocketStream, context: TLSContext, logger: Logger) {
    guard let ssl = unsafe context.makeConnection(over: socket.descriptor) else { return nil }
    self.socket = socket
    self.context = context
    unsafe self.ssl = ssl
    self.logger = logger
    // Records are written one by one: none waits for the acknowledgement of the one before.
    var isOn: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    unsafe setsockopt(socket.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, size)
  }

  deinit {
    unsafe SSL_free(ssl)
  }

  var descriptor: Int32 { socket.descriptor }
  var unsentBytes: Int { socket.unsentBytes }
  var holdsBytes: Bool { true }

  func read(into buffer: inout [UInt8]) -> StreamResult {
    guard !hasFailed else { return .failed }
    ERR_clear_error()
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe SSL_read(ssl, bytes.baseAddress, Int32(clamping: bytes.count))
    }
    return result(count)
  }

  /// Writes one record; what is tried again after a block starts with the same bytes.
  func write(_ output: OutgoingBytes) -> StreamResult {
    guard !hasFailed else { return .failed }
    ERR_clear_error()
    let count = unsafe withUnsafeTemporaryAllocation(
      byteCount: TLSStream.recordSize,
      alignment: 1
    ) { record in
      let size = unsafe output.withPieces { unsafe TLSStream.gather($0, into: record) }
      return unsafe SSL_write(ssl, record.baseAddress, Int32(size))
    }
    return result(count)
  }

  func finishWriting() {
    sayGoodbye()
    socket.finishWriting()
  }

  func close(reset: Bool) {
    guard isOpen else { return }
    isOpen = false
    if !reset { sayGoodbye() }
    if hasFailed { drain() }
    socket.close(reset: reset)
  }

  /// Head and small segments share a record.
  private static func gather(
    _ pieces: UnsafeMutableBufferPointer<iovec>,
    into record: UnsafeMutableRawBufferPointer
  ) -> Int {
    var size = 0
    for index in pieces.indices where size < record.count {
      let piece = unsafe pieces[index]
      let count = unsafe min(piece.iov_len, record.count - size)
      if let from = unsafe piece.iov_base, let to = record.baseAddress {
        unsafe to.advanced(by: size).copyMemory(from: from, byteCount: count)
      }
      size += count
    }
    return size
  }

  private func result(_ count: Int32) -> StreamResult {
    if count > 0 { return .moved(Int(count)) }
    switch unsafe SSL_get_error(ssl, count) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .blocked
    case SSL_ERROR_ZERO_RETURN: return .ended
    default:
      fail()
      return .failed
    }
  }

  private func fail() {
    hasFailed = true
    // Later failures are clients that went away.
    guard unsafe SSL_is_init_finished(ssl) == 0 else { return }
    let reason = unsafe String(cString: cx_tls_error())
    logger.debug("a TLS handshake failed", [("cause", reason)])
    if cx_tls_is_plain_http() == 1 {
      var output = OutgoingBytes()
      output.head = Array(TLSStream.plainAnswer.utf8)
      output.begin(segments: [])
      // Best effort: the client is wrong and the socket is about to be closed.
      _ = socket.write(output)
      socket.finishWriting()
    }
    ERR_clear_error()
  }

  /// Tells the peer that the end is meant (close_notify, RFC 8446, section 6.1).
  private func sayGoodbye() {
    guard !hasFailed, !hasSaidGoodbye, unsafe SSL_is_init_finished(ssl) == 1 else { return }
    hasSaidGoodbye = true
    ERR_clear_error()
    // Where the socket has no room for it the peer sees a bare end: lengths tell it what it has.
    unsafe SSL_shutdown(ssl)
    ERR_clear_error()
  }

  /// Drops what has come: closing with unread bytes resets, and the peer would lose the alert.
  private func drain() {
    var buffer = [UInt8](repeating: 0, count: TLSStream.recordSize)
    for _ in 0..<8 {
      guard case .moved = socket.read(into: &buffer) else { return }
    }
  }
}

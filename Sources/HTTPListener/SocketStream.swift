import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// A bare non-blocking socket.
final class SocketStream: ByteStream {
  let descriptor: Int32
  private let pipe: PagePipe
  private var isOpen = true

  /// Takes over the descriptor; the pipe is the loop's.
  init(descriptor: Int32, pipe: PagePipe) {
    self.descriptor = descriptor
    self.pipe = pipe
  }

  deinit {
    close(reset: false)
  }

  func read(into buffer: inout [UInt8]) -> StreamResult {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
      }
      if count > 0 { return .moved(count) }
      if count == 0 { return .ended }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .blocked
      default: return .failed
      }
    }
  }

  func write(_ output: OutgoingBytes) -> StreamResult {
    while true {
      let paged = output.pagePart.flatMap { pipe.send($0.pages, from: $0.offset, to: descriptor) }
      let count = paged ?? writePieces(output)
      if count >= 0 { return .moved(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .blocked
      default: return .failed
      }
    }
  }

  private func writePieces(_ output: OutgoingBytes) -> Int {
    unsafe output.withPieces { pieces in
      var message = unsafe msghdr()
      unsafe message.msg_iov = pieces.baseAddress
      unsafe message.msg_iovlen = pieces.count
      // writev with flags: a peer that is gone is an error here, not a signal.
      return unsafe sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
    }
  }

  var holdsBytes: Bool { false }

  var unsentBytes: Int {
    Int(cx_unsent_bytes(descriptor))
  }

  func finishWriting() {
    // It fails only where the peer is gone already, which reading then shows.
    shutdown(descriptor, Int32(SHUT_WR))
  }

  func close(reset: Bool) {
    guard isOpen else { return }
    isOpen = false
    if reset {
      var option = linger(l_onoff: 1, l_linger: 0)
      unsafe setsockopt(
        descriptor,
        SOL_SOCKET,
        SO_LINGER,
        &option,
        socklen_t(MemoryLayout<linger>.size)
      )
    }
    // Not repeated on EINTR: Linux has released the descriptor even then.
    Glibc.close(descriptor)
  }
}

import CLinux
import Glibc
import Synchronization

/// The server's end of one connection, driven by a script.
final class ServerConnection: Sendable {
  private let descriptor: Mutex<Int32?>
  private let number: Int32
  private let received = Mutex<[String]>([])

  /// The requests read so far.
  var requests: [String] { received.withLock { $0 } }

  init(_ number: Int32) {
    self.number = number
    descriptor = Mutex(number)
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    // A script that waits for something that never comes ends all the same.
    unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    unsafe setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
  }

  /// Reads one request, head and body; empty where the client closed.
  func readRequest() -> String {
    var bytes: [UInt8] = []
    let end = Array("\r\n\r\n".utf8)
    while !bytes.suffix(4).elementsEqual(end) {
      guard let byte = read(1).first else { return "" }
      bytes.append(byte)
    }
    let head = String(decoding: bytes, as: UTF8.self)
    let length =
      head.split(separator: "\r\n")
      .first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.split(separator: " ")[1]) } ?? 0
    var body: [UInt8] = []
    while body.count < length {
      let more = read(length - body.count)
      if more.isEmpty { break }
      body += more
    }
    let request = head + String(decoding: body, as: UTF8.self)
    received.withLock { $0.append(request) }
    return request
  }

  /// Up to `count` bytes; none at the end or after a reset.
  func read(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let received = unsafe recv(number, &bytes, count, 0)
    return Array(bytes.prefix(max(0, received)))
  }

  /// Writes everything, or says false because the client is gone.
  @discardableResult
  func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe send(
          number,
          buffer.baseAddress.map { unsafe $0 + sent },
          buffer.count - sent,
          Int32(MSG_NOSIGNAL)
        )
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func write(_ text: String) -> Bool {
    write(Array(text.utf8))
  }

  /// Waits until the client closes or resets; false after 20 s.
  func waitForClose() -> Bool {
    var byte: UInt8 = 0
    while true {
      let count = unsafe recv(number, &byte, 1, 0)
      if count == 0 { return true }
      if count < 0 { return errno == ECONNRESET }
    }
  }

  /// Waits that many milliseconds for the client to close or reset.
  func isClosed(within milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, milliseconds) > 0 && read(1).isEmpty
  }

  /// Ends with a reset in place of a FIN.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    let size = socklen_t(MemoryLayout.size(ofValue: linger))
    unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &linger, size)
    close()
  }

  func close() {
    descriptor.withLock { descriptor in
      guard let open = descriptor else { return }
      Glibc.close(open)
      descriptor = nil
    }
  }

  /// Wakes a script that waits, so that the server can end.
  func shutDown() {
    descriptor.withLock { descriptor in
      guard let open = descriptor else { return }
      shutdown(open, Int32(SHUT_RDWR))
    }
  }
}

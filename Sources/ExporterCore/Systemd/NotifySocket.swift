import CLinux
private import Glibc

/// The datagram socket of sd_notify(3), open for as long as the process runs.
final class NotifySocket: Sendable {
  /// What went wrong, for the log.
  struct Failure: Error {
    let message: String
  }

  private let descriptor: Int32
  /// The path, or a zero and the abstract name.
  private let name: [UInt8]

  /// Opens a socket for messages to that address.
  ///
  /// - Parameter address: `NOTIFY_SOCKET`: an absolute path, or `@` and an abstract name.
  /// - Throws: `Failure` for another kind of address.
  init(address: String) throws(Failure) {
    var bytes = Array(address.utf8)
    guard bytes.count > 1, bytes[0] == UInt8(ascii: "/") || bytes[0] == UInt8(ascii: "@") else {
      throw Failure(message: "NOTIFY_SOCKET=\(address) is no path and no abstract name")
    }
    if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
    var target = sockaddr_un()
    guard NotifySocket.fill(&target, bytes) > 0 else {
      throw Failure(message: "NOTIFY_SOCKET=\(address) is too long")
    }
    name = bytes
    let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else {
      throw Failure(message: "cannot open a socket for NOTIFY_SOCKET: " + NotifySocket.text(errno))
    }
    self.descriptor = descriptor
    // A manager that does not read must not hold the agent up.
    var limit = timeval(tv_sec: 2, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    guard unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size) == 0 else {
      let code = errno
      close(descriptor)
      throw Failure(message: "cannot set NOTIFY_SOCKET up: " + NotifySocket.text(code))
    }
  }

  deinit {
    close(descriptor)
  }

  /// Sends one message of `NAME=value` lines.
  ///
  /// - Throws: `Failure` where it could not be sent.
  func send(_ message: String) throws(Failure) {
    var target = sockaddr_un()
    let length = NotifySocket.fill(&target, name)
    let bytes = Array(message.utf8)
    while true {
      let count = unsafe withUnsafeBytes(of: &target) { target in
        unsafe sendto(
          descriptor,
          bytes,
          bytes.count,
          Int32(MSG_NOSIGNAL),
          target.baseAddress?.assumingMemoryBound(to: sockaddr.self),
          length
        )
      }
      if count == bytes.count { return }
      guard count < 0, errno == EINTR else {
        throw Failure(message: "cannot notify the service manager: " + NotifySocket.text(errno))
      }
    }
  }

  private static func fill(_ address: inout sockaddr_un, _ name: [UInt8]) -> socklen_t {
    unsafe name.withUnsafeBytes { name in
      unsafe cx_unix_address(&address, name.baseAddress, name.count)
    }
  }

  private static func text(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}

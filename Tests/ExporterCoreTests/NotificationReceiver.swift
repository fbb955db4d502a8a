import CLinux
import Glibc
import Testing

/// A real datagram socket where a service manager would have one.
final class NotificationReceiver: Sendable {
  /// What a process finds in `NOTIFY_SOCKET`.
  let address: String
  private let descriptor: Int32

  /// Binds a socket under a name of its own: a path, or an abstract name.
  init(isAbstract: Bool) throws {
    let unique = "cx_exporter-notify-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    address = isAbstract ? "@\(unique)" : "/tmp/\(unique)"
    let name = isAbstract ? [0] + Array(unique.utf8) : Array(address.utf8)
    var target = sockaddr_un()
    let length = unsafe cx_unix_address(&target, name, name.count)
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let status = unsafe withUnsafeBytes(of: &target) { bytes in
      unsafe bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
    }
    try #require(status == 0)
    var wait = timeval(tv_sec: 10, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, size)
  }

  deinit {
    close(descriptor)
    if address.hasPrefix("/") { unsafe unlink(address) }
  }

  /// The next message; nil where none has come and `waits` is false, or none comes in ten seconds.
  func next(waits: Bool = true) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe recv(
      descriptor,
      &buffer,
      buffer.count,
      waits ? 0 : Int32(MSG_DONTWAIT)
    )
    return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
  }
}

import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// Sockets that somebody else has bound.
extension ListeningSocket {
  /// Takes over a socket that is bound and listens already.
  ///
  /// - Throws: `ListenerError` where it is no stream socket that listens.
  convenience init(adopting inherited: InheritedSocket) throws(ListenerError) {
    let descriptor = inherited.descriptor
    func refusal(_ reason: String) -> ListenerError {
      ListenerError(
        message: "the socket passed as descriptor \(descriptor) (\(inherited.name)): \(reason)"
      )
    }
    func option(_ name: Int32) throws(ListenerError) -> Int32 {
      var value: Int32 = 0
      var length = socklen_t(MemoryLayout<Int32>.size)
      guard unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 else {
        let reason = SystemError.text(errno)
        throw refusal("\(reason); let systemd pass it by ListenStream= in a .socket unit")
      }
      return value
    }
    let family = try option(SO_DOMAIN)
    guard try option(SO_TYPE) == Int32(SOCK_STREAM.rawValue),
      [AF_INET, AF_INET6, AF_UNIX].contains(family)
    else {
      throw refusal("it is no TCP or Unix stream socket; use ListenStream= in the .socket unit")
    }
    guard try option(SO_ACCEPTCONN) != 0 else {
      throw refusal("it does not listen; use Accept=no in the .socket unit")
    }
    let flags = cx_fcntl_int(descriptor, F_GETFL, 0)
    guard flags >= 0, cx_fcntl_int(descriptor, F_SETFL, flags | O_NONBLOCK) == 0,
      cx_fcntl_int(descriptor, F_SETFD, FD_CLOEXEC) == 0
    else {
      throw refusal(SystemError.text(errno))
    }
    if family != AF_UNIX {
      var value: Int32 = 1
      let size = socklen_t(MemoryLayout<Int32>.size)
      // Answers are sent in one piece: where it fails, they only may come later.
      unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &value, size)
    }
    guard let address = SocketAddress(localOf: descriptor)?.listenAddress else {
      throw refusal("its address cannot be read")
    }
    self.init(descriptor: descriptor, address: address, file: nil)
  }
}

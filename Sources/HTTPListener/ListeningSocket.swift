import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// A bound socket in the listening state; closed when nobody holds it any more.
final class ListeningSocket: Sendable {
  let descriptor: Int32
  /// The address as given, with the real port.
  let address: ListenAddress
  /// What is to be removed at the end; nil for TCP, and for a socket that somebody else has bound.
  private let file: SocketFile?

  /// Binds the address and listens.
  convenience init(binding address: ListenAddress) throws(ListenerError) {
    if address.path != nil {
      try self.init(bindingPath: address)
      return
    }
    var lastError: Int32 = EADDRNOTAVAIL
    for candidate in try SocketAddress.candidates(for: address) {
      let descriptor = ListeningSocket.open(candidate)
      if descriptor >= 0 {
        let port = SocketAddress(localOf: descriptor)?.port ?? address.port
        self.init(
          descriptor: descriptor,
          address: ListenAddress(host: address.host, port: port),
          file: nil
        )
        return
      }
      lastError = -descriptor
      // Without IPv6 on this machine the next candidate may do; else it would only hide the error.
      guard lastError == EAFNOSUPPORT || lastError == EADDRNOTAVAIL else { break }
    }
    throw ListenerError(
      message:
        "cannot listen on \(address): \(SystemError.text(lastError)); \(advice(on: lastError))"
    )
  }

  private convenience init(bindingPath address: ListenAddress) throws(ListenerError) {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else {
      throw ListenerError(
        message: "cannot listen on \(address): \(SystemError.text(errno)); \(advice(on: errno))"
      )
    }
    do {
      let file = try SocketFile(binding: descriptor, to: address)
      self.init(descriptor: descriptor, address: address, file: file)
    } catch {
      close(descriptor)
      throw error
    }
  }

  init(descriptor: Int32, address: ListenAddress, file: SocketFile?) {
    self.descriptor = descriptor
    self.address = address
    self.file = file
  }

  deinit {
    file?.remove()
    close(descriptor)
  }

  /// A listening descriptor, or the negative `errno`.
  private static func open(_ address: SocketAddress) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.family, kind, 0)
    guard descriptor >= 0 else { return -errno }
    func set(_ level: Int32, _ name: Int32, _ value: Int32) -> Bool {
      var value = value
      return unsafe setsockopt(
        descriptor,
        level,
        name,
        &value,
        socklen_t(MemoryLayout<Int32>.size)
      ) == 0
    }
    // Linux hands TCP_NODELAY down to every accepted socket: no call for each of them.
    guard set(SOL_SOCKET, SO_REUSEADDR, 1), set(Int32(IPPROTO_TCP), TCP_NODELAY, 1),
      address.family != AF_INET6
        || set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, address.isWildcard ? 0 : 1),
      address.bind(descriptor), listen(descriptor, SOMAXCONN) == 0
    else {
      let code = errno
      close(descriptor)
      return -code
    }
    return descriptor
  }
}

/// What a user can do about it.
private func advice(on code: Int32) -> String {
  switch code {
  case EADDRINUSE: "another process has the port; stop it or choose another --web.listen-address"
  case EADDRNOTAVAIL: "this machine has no such address; choose another --web.listen-address"
  default: "choose another --web.listen-address"
  }
}

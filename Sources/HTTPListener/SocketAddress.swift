import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// A socket address: IPv4, IPv6 or a Unix socket's.
struct SocketAddress {
  private var storage = sockaddr_storage()
  private var length: socklen_t = 0

  /// The address family.
  var family: Int32 { Int32(storage.ss_family) }

  /// The addresses that may be bound for this one, in the order to try them.
  static func candidates(for address: ListenAddress) throws(ListenerError) -> [SocketAddress] {
    guard let host = address.host else {
      var wildcard6 = sockaddr_in6()
      wildcard6.sin6_family = sa_family_t(AF_INET6)
      wildcard6.sin6_port = address.port.bigEndian
      var wildcard4 = sockaddr_in()
      wildcard4.sin_family = sa_family_t(AF_INET)
      wildcard4.sin_port = address.port.bigEndian
      return unsafe [
        withUnsafeBytes(of: &wildcard6) { unsafe SocketAddress($0) },
        withUnsafeBytes(of: &wildcard4) { unsafe SocketAddress($0) },
      ]
    }
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(host, String(address.port), &hints, &list)
    guard status == 0 else {
      let reason = unsafe String(cString: gai_strerror(status))
      throw ListenerError(
        message: "cannot listen on \(address): \(reason); "
          + "give --web.listen-address an address of this machine"
      )
    }
    defer { unsafe freeaddrinfo(list) }
    var found: [SocketAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      if let bytes = unsafe entry.pointee.ai_addr {
        let length = unsafe Int(entry.pointee.ai_addrlen)
        found.append(unsafe SocketAddress(UnsafeRawBufferPointer(start: bytes, count: length)))
      }
      unsafe next = entry.pointee.ai_next
    }
    // A name with both families gets IPv4, as in Go's exporters.
    return found.filter { $0.family == AF_INET } + found.filter { $0.family == AF_INET6 }
  }

  private init(_ bytes: UnsafeRawBufferPointer) {
    length = socklen_t(bytes.count)
    unsafe withUnsafeMutableBytes(of: &storage) { target in
      unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(target.count)))
    }
  }

  /// A Unix socket's address; nil where the path is empty or too long.
  init?(path: String) {
    var unix = sockaddr_un()
    let bytes = Array(path.utf8)
    let count = unsafe bytes.withUnsafeBytes { bytes in
      unsafe cx_unix_address(&unix, bytes.baseAddress, bytes.count)
    }
    guard count > 0 else { return nil }
    self = unsafe withUnsafeBytes(of: &unix) { bytes in
      unsafe SocketAddress(UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(count))))
    }
  }

  /// The address that a socket is bound to.
  init?(localOf descriptor: Int32) {
    length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      unsafe getsockname(
        descriptor,
        bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        &length
      )
    }
    guard status == 0 else { return nil }
  }

  /// The port, in the machine's byte order.
  var port: UInt16 {
    // Both families have it in the same place.
    unsafe withUnsafeBytes(of: storage) { bytes in
      unsafe UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }
  }

  /// The address in the words of the command line; nil where it has none.
  var listenAddress: ListenAddress? {
    if family == AF_UNIX {
      let name = unsafe withUnsafeBytes(of: storage) { bytes in
        let start = MemoryLayout<sa_family_t>.size
        return unsafe Array(bytes[start..<max(start, min(Int(length), bytes.count))])
      }
      let isAbstract = name.first == 0
      let text = isAbstract ? name.dropFirst() : name.prefix { $0 != 0 }
      return ListenAddress(path: (isAbstract ? "@" : "") + String(decoding: text, as: UTF8.self))
    }
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let status = unsafe withUnsafeBytes(of: storage) { bytes in
      unsafe getnameinfo(
        bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        length,
        &host,
        socklen_t(host.count),
        nil,
        0,
        NI_NUMERICHOST
      )
    }
    guard status == 0 else { return nil }
    let text = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return ListenAddress(host: String(decoding: text, as: UTF8.self), port: port)
  }

  /// Whether this is every interface of its family.
  var isWildcard: Bool {
    let range = family == AF_INET6 ? 8..<24 : 4..<8
    return unsafe withUnsafeBytes(of: storage) { bytes in
      range.allSatisfy { unsafe bytes[$0] == 0 }
    }
  }

  /// Connects the socket; `errno` says why not.
  func connect(_ descriptor: Int32) -> Bool {
    unsafe withUnsafeBytes(of: storage) { bytes in
      unsafe Glibc.connect(
        descriptor,
        bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        length
      )
    } == 0
  }

  /// Binds the socket; `errno` says why not.
  func bind(_ descriptor: Int32) -> Bool {
    unsafe withUnsafeBytes(of: storage) { bytes in
      unsafe Glibc.bind(
        descriptor,
        bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        length
      )
    } == 0
  }
}

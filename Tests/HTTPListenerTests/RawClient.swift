import CLinux
import Glibc

/// A blocking TCP client that sends what it is told, right or wrong, and shows what comes back.
///
/// Every wait ends after a few seconds, so that a server that says nothing fails a test instead of
/// holding it.
final class RawClient: Sendable {
  /// What went wrong on the client's side.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// One answer as it stood on the wire.
  struct Answer: Equatable {
    var status = 0
    var fields: [String: [String]] = [:]
    var body: [UInt8] = []

    /// The first value of the field, whose name is in lower case here.
    func field(_ name: String) -> String? { fields[name]?.first }
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  let descriptor: Int32

  /// Connects to that port of the loopback interface.
  init(port: UInt16, isIPv6: Bool = false, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, RawClient.kind, 0)
    guard descriptor >= 0 else { throw Failure(description: "socket: errno \(errno)") }
    if var size = receiveBuffer {
      unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(4))
    }
    var wait = timeval(tv_sec: 10, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, size)
    var noDelay: Int32 = 1
    unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(4))
    let status = isIPv6 ? connect6(port) : connect4(port)
    guard status == 0 else { throw Failure(description: "connect: errno \(errno)") }
  }

  /// Connects to a Unix socket; where the server's queue is full it waits if it is told to.
  init(path: String, waits: Bool = true) throws {
    let kind = waits ? RawClient.kind : RawClient.kind | Int32(SOCK_NONBLOCK.rawValue)
    descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { throw Failure(description: "socket: errno \(errno)") }
    var wait = timeval(tv_sec: 10, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, size)
    var address = sockaddr_un()
    let bytes = Array(path.utf8)
    let length = unsafe cx_unix_address(&address, bytes, bytes.count)
    let status = unsafe withUnsafeBytes(of: &address) { address in
      unsafe connect(UnsafeRawBufferPointer(rebasing: address.prefix(Int(length))))
    }
    guard status == 0 else { throw Failure(description: "connect: errno \(errno)") }
  }

  private static let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)

  private func connect4(_ port: UInt16) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return unsafe withUnsafeBytes(of: &address) { unsafe connect($0) }
  }

  private func connect6(_ port: UInt16) -> Int32 {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    // ::1
    unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { unsafe $0[15] = 1 }
    return unsafe withUnsafeBytes(of: &address) { unsafe connect($0) }
  }

  private func connect(_ address: UnsafeRawBufferPointer) -> Int32 {
    unsafe Glibc.connect(
      descriptor,
      address.baseAddress?.assumingMemoryBound(to: sockaddr.self),
      socklen_t(address.count)
    )
  }

  deinit {
    close(descriptor)
  }

  /// Sends the bytes; false where the server has cut the connection.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.send(
          descriptor,
          buffer.baseAddress?.advanced(by: sent),
          buffer.count - sent,
          Int32(MSG_NOSIGNAL)
        )
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Sends the text; false where the server has cut the connection.
  @discardableResult
  func send(_ text: String) -> Bool {
    send(Array(text.utf8))
  }

  /// Tells the server that nothing more comes.
  func finishSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Makes the close a reset, as when a client crashes.
  func resetOnClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    let size = socklen_t(MemoryLayout<linger>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, size)
  }

  /// Up to `limit` bytes: an empty array at the end, nil after a reset.
  func receive(_ limit: Int = 65_536) throws -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
    }
    if count < 0 {
      if errno == ECONNRESET { return nil }
      throw Failure(description: errno == EAGAIN ? "nothing came in time" : "errno \(errno)")
    }
    return Array(buffer[..<count])
  }

  /// Everything until the server closes.
  func receiveAll() throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      guard let bytes = try receive() else { throw Failure(description: "the server has reset") }
      if bytes.isEmpty { return all }
      all += bytes
    }
  }

  /// One answer, read to its end and no further; 1xx answers count as answers of their own.
  func receiveAnswer(toHead: Bool = false) throws -> Answer {
    var bytes: [UInt8] = []
    while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      guard let byte = try receive(1), !byte.isEmpty else {
        throw Failure(
          description: "the server closed after \(String(decoding: bytes, as: UTF8.self))"
        )
      }
      bytes += byte
    }
    var answer = try RawClient.head(bytes)
    let hasNoBody = toHead || answer.status < 200 || answer.status == 204 || answer.status == 304
    guard !hasNoBody, let length = answer.field("content-length").flatMap({ Int($0) }) else {
      return answer
    }
    answer.body.reserveCapacity(length)
    while answer.body.count < length {
      guard let more = try receive(min(1 << 20, length - answer.body.count)), !more.isEmpty else {
        throw Failure(description: "the body ended after \(answer.body.count) of \(length) bytes")
      }
      answer.body += more
    }
    return answer
  }

  /// Whether the server closes now, without another byte.
  func isAtEnd() throws -> Bool {
    try receive(1)?.isEmpty ?? false
  }

  /// Reads a status line and fields; anything that HTTP/1.1 does not allow is a failure.
  static func head(_ bytes: [UInt8]) throws -> Answer {
    var answer = Answer()
    let text = String(decoding: bytes, as: UTF8.self)
    // "\r\n" is one Character.
    let lines = text.split(separator: "\r\n" as Character, omittingEmptySubsequences: false)
    let first = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard first.count == 3, first[0] == "HTTP/1.1", let status = Int(first[1]) else {
      throw Failure(description: "not a status line: \(lines[0])")
    }
    answer.status = status
    for line in lines.dropFirst() where !line.isEmpty {
      guard let colon = line.firstIndex(of: ":") else {
        throw Failure(description: "not a field: \(line)")
      }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      answer.fields[line[..<colon].lowercased(), default: []].append(String(value))
    }
    return answer
  }
}

import Glibc

/// Asks a server on the loopback interface: one connection a request, read to its end.
struct LoopbackClient {
  /// Why there is no answer.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// An answer with its fields by lower-case name.
  struct Answer {
    let status: Int
    let fields: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  let port: UInt16

  /// Sends a request and waits for the server to close.
  func send(
    _ method: String,
    _ target: String,
    _ fields: [(String, String)] = []
  ) throws -> Answer {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(description: "socket: errno \(errno)") }
    defer { close(descriptor) }
    try connect(descriptor)
    var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    try send(Array((head + "\r\n").utf8), to: descriptor)
    return try LoopbackClient.answer(in: receiveAll(from: descriptor))
  }

  private func connect(_ descriptor: Int32) throws {
    var wait = timeval(tv_sec: 10, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, size)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = unsafe withUnsafeBytes(of: &address) { bytes in
      unsafe Glibc.connect(
        descriptor,
        bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        socklen_t(bytes.count)
      )
    }
    guard status == 0 else { throw Failure(description: "connect: errno \(errno)") }
  }

  private func send(_ bytes: [UInt8], to descriptor: Int32) throws {
    let count = unsafe bytes.withUnsafeBytes { buffer in
      unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
    }
    guard count == bytes.count else { throw Failure(description: "send: errno \(errno)") }
  }

  private func receiveAll(from descriptor: Int32) throws -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
      }
      if count == 0 { return all }
      guard count > 0 else { throw Failure(description: "receive: errno \(errno)") }
      all += buffer[..<count]
    }
  }

  private static func answer(in bytes: [UInt8]) throws -> Answer {
    let end = bytes.indices.first { bytes[$0...].starts(with: "\r\n\r\n".utf8) }
    guard let end else { throw Failure(description: "no whole head in \(bytes.count) bytes") }
    // "\r\n" is one Character.
    let lines = String(decoding: bytes[..<end], as: UTF8.self)
      .split(separator: "\r\n" as Character)
    guard let status = Int(lines[0].split(separator: " ")[1]) else {
      throw Failure(description: "no status in \(lines[0])")
    }
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      fields[line[..<colon].lowercased()] = String(value)
    }
    return Answer(status: status, fields: fields, body: Array(bytes[(end + 4)...]))
  }
}

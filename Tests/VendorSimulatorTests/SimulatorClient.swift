import Glibc

/// A blocking HTTP/1.1 client of few lines: one connection a request, everything read to its end.
struct SimulatorClient {
  enum Failure: Error, Equatable {
    case reset
    case timedOut
    case closedEarly
    case system(Int32)
    case malformed
  }

  struct Reply {
    let status: Int
    let fields: [(name: String, value: String)]
    let body: [UInt8]

    func field(_ name: String) -> String? {
      fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  let port: UInt16
  var patience = 10

  init?(baseURL: String) {
    guard baseURL.hasPrefix("http://127.0.0.1:"),
      let port = baseURL.split(separator: ":").last.flatMap({ UInt16($0) })
    else { return nil }
    self.port = port
  }

  func send(
    _ method: String,
    _ target: String,
    fields: [(String, String)] = [],
    body: String = ""
  ) throws -> Reply {
    let descriptor = try connected()
    defer { close(descriptor) }
    var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    head += "Content-Length: \(body.utf8.count)\r\n\r\n"
    try write(Array(head.utf8) + Array(body.utf8), to: descriptor)
    return try reply(in: readAll(descriptor))
  }

  private func connected() throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure.system(errno) }
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    unsafe setsockopt(
      descriptor,
      SOL_SOCKET,
      SO_RCVTIMEO,
      &limit,
      socklen_t(MemoryLayout<timeval>.size)
    )
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        unsafe connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      let code = errno
      close(descriptor)
      throw Failure.system(code)
    }
    return descriptor
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { pointer in
        unsafe Glibc.send(
          descriptor,
          pointer.baseAddress,
          pointer.count,
          Int32(MSG_NOSIGNAL)
        )
      }
      guard count > 0 else { throw Failure.system(errno) }
      rest = rest.dropFirst(count)
    }
  }

  private func readAll(_ descriptor: Int32) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { pointer in
        unsafe recv(descriptor, pointer.baseAddress, pointer.count, 0)
      }
      if count == 0 { return bytes }
      if count < 0 {
        switch errno {
        case EINTR: continue
        case ECONNRESET: throw Failure.reset
        case EAGAIN: throw Failure.timedOut
        default: throw Failure.system(errno)
        }
      }
      bytes += buffer[..<count]
    }
  }

  private func reply(in bytes: [UInt8]) throws -> Reply {
    let separator: [UInt8] = [13, 10, 13, 10]
    guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: separator) }) else {
      throw bytes.isEmpty ? Failure.closedEarly : Failure.malformed
    }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
      throw Failure.malformed
    }
    let fields = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      return (String(line[..<colon]), String(value))
    }
    let body = Array(bytes[(end + 4)...])
    let length = fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) }
    guard length == body.count else { throw Failure.closedEarly }
    return Reply(status: status, fields: fields, body: body)
  }
}

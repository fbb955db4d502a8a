import CLinux
import Glibc
import HTTPTransport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)), .serialized)
struct LimitTests {
  /// The process's resident bytes, from the second number of `/proc/self/statm`.
  static func residentBytes() throws -> Int {
    let descriptor = unsafe open("/proc/self/statm", O_RDONLY)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
    return try #require(Int(words[1])) * Int(getpagesize())
  }

  /// zeros as deflate's fixed Huffman code writes them at best: 13 bits for each 258 (RFC 1951).
  static func gzipBomb(_ decodedSize: Int) -> [UInt8] {
    var bytes: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 0, 3]
    var bits: UInt64 = 0
    var count = 0
    func flush(_ bytes: inout [UInt8], atLeast: Int) {
      while count >= atLeast && count > 0 {
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
        count = max(0, count - 8)
      }
    }
    // Huffman codes stand with their highest bit first: these are written reversed.
    func append(_ value: UInt64, _ width: Int) {
      bits |= value << UInt64(count)
      count += width
      flush(&bytes, atLeast: 8)
    }
    append(0b011, 3)  // the last block, fixed codes
    append(0b0000_1100, 8)  // the literal 0: 00110000
    for _ in 0..<(decodedSize / 258) {
      append(0b1010_0011, 8)  // length 258: 11000101
      append(0, 5)  // distance 1: 00000
    }
    append(0, 7)  // end of block
    flush(&bytes, atLeast: 1)
    return bytes
  }

  @Test func endsGzipBombInBoundedMemory() async throws {
    let bomb = LimitTests.gzipBomb(256 << 20)
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
          + String(bomb.count, radix: 16) + "\r\n"
      )
      connection.write(bomb)
    }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let before = try LimitTests.residentBytes()
    let error = try await failure(
      of: get(server.url, maxResponseSize: 1 << 20),
      with: client
    )
    let growth = try LimitTests.residentBytes() - before
    #expect(error.code == .tooLarge)
    #expect(error.message.contains("larger than 1048576 bytes"), "\(error.message)")
    // Other suites, and a sanitizer, allocate at the same time: the bound leaves them room.
    #expect(growth < 192 << 20, "\(growth)")
  }

  @Test func readsCompressedBodyUpToTheLimit() async throws {
    // The literal and 1000 runs: the generator above is sound, and the limit is exact.
    let body = LimitTests.gzipBomb(258_000)
    let size = 258_001
    let head =
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write(Array(head.utf8) + body + LimitTests.gzipTrailer)
    }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let answer = try await client.send(get(server.url, maxResponseSize: size))
    #expect(answer.body == [UInt8](repeating: 0, count: size))
    let error = try await failure(of: get(server.url, maxResponseSize: size - 1), with: client)
    #expect(error.code == .tooLarge)
  }

  /// CRC-32 and length of 258 001 zeros.
  static let gzipTrailer: [UInt8] = [212, 82, 199, 163, 209, 239, 3, 0]

  @Test func refusesAnnouncedLengthAtOnce() async throws {
    let isClosed = Mutex(false)
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
      let seen = connection.waitForClose()
      isClosed.withLock { $0 = seen }
    }
    let client = try makeClient()
    defer { client.shutdown() }
    let error = try await failure(of: get(server.url), with: client)
    #expect(error.code == .tooLarge)
    #expect(
      error.message == "the answer from 127.0.0.1:\(server.port) is larger than 1048576 bytes; "
        + "raise max_response_size if that is expected"
    )
    server.stop()
    #expect(isClosed.withLock { $0 })
  }

  @Test func endsEndlessChunks() async throws {
    let sent = Mutex(0)
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
      while connection.write(chunk) { sent.withLock { $0 += 4096 } }
    }
    let client = try makeClient()
    defer { client.shutdown() }
    let error = try await failure(of: get(server.url, maxResponseSize: 100_000), with: client)
    #expect(error.code == .tooLarge)
    server.stop()
    // What lies in the sockets' buffers comes on top.
    #expect(sent.withLock { $0 } < 32 << 20)
  }

  @Test(arguments: [0, 1, 4096])
  func takesBodyOfExactlyTheLimit(_ size: Int) async throws {
    let body = String(repeating: "b", count: size)
    let server = try ScriptedServer(
      answering: "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n\(body)"
    )
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let answer = try await client.send(get(server.url, maxResponseSize: size))
    #expect(answer.body == Array(body.utf8))
    if size > 0 {
      let error = try await failure(of: get(server.url, maxResponseSize: size - 1), with: client)
      #expect(error.code == .tooLarge)
    }
  }

  /// Header floods: endless lines, one endless line, endless interim answers, endless trailers.
  static let floods: [(start: String, again: String)] = [
    ("HTTP/1.1 200 OK\r\n", "X-Flood: " + String(repeating: "f", count: 500) + "\r\n"),
    ("HTTP/1.1 200 OK\r\nX-Flood: ", String(repeating: "f", count: 500)),
    ("", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
      "X-Late: " + String(repeating: "t", count: 500) + "\r\n"
    ),
  ]

  @Test(arguments: floods.indices)
  func endsHeaderFlood(_ index: Int) async throws {
    let flood = LimitTests.floods[index]
    let server = try ScriptedServer { connection in
      _ = connection.readRequest()
      connection.write(flood.start)
      while connection.write(flood.again) {}
    }
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let error = try await failure(of: get(server.url), with: client)
    #expect(error.code == .tooLarge, "\(error.message)")
    #expect(
      error.message
        == "the header of the answer from 127.0.0.1:\(server.port) is larger than 65536 bytes"
    )
  }
}

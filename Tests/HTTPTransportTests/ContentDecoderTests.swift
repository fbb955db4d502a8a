import CZlib
import HTTPTransport
import Testing

/// Bodies as servers compress them: read, or reported with the true cause.
@Suite(.timeLimit(.minutes(1)))
struct ContentDecoderTests {
  static let text = #"{"status":"SUCCESS","totalMsg":123456}"#

  /// One member or stream as zlib writes it; `window` 31 is gzip, 15 zlib, -15 raw deflate.
  static func packed(_ bytes: [UInt8], window: Int32) -> [UInt8] {
    var stream = unsafe z_stream()
    unsafe deflateInit2_(
      &stream,
      9,
      Z_DEFLATED,
      window,
      8,
      Z_DEFAULT_STRATEGY,
      ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size)
    )
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 1024)
    let count = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        unsafe deflate(&stream, Z_FINISH)
        return unsafe output.count - Int(stream.avail_out)
      }
    }
    unsafe deflateEnd(&stream)
    return Array(output.prefix(count))
  }

  static let plain = Array(text.utf8)
  static let gzip = packed(plain, window: 31)
  static let nothing = packed([], window: 31)

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let coding: String
    let body: [UInt8]
    /// The decoded body, or nil where `fault` says why there is none.
    var decoded: [UInt8]? = plain
    var fault = ""

    init(_ name: String, _ coding: String, _ body: [UInt8]) {
      testDescription = name
      self.coding = "Content-Encoding: \(coding)"
      self.body = body
    }

    func gives(_ decoded: [UInt8]) -> Case {
      var copy = self
      copy.decoded = decoded
      return copy
    }

    func fails(_ fault: String) -> Case {
      var copy = self
      copy.decoded = nil
      copy.fault = fault
      return copy
    }
  }

  static let half = plain.count / 2
  static let members =
    packed(Array(plain[..<half]), window: 31) + packed(Array(plain[half...]), window: 31)

  static let cases = [
    Case("gzip", "gzip", gzip), Case("x-gzip, in capitals", "X-GZIP", gzip),
    // RFC 1952, section 2.2: the members simply follow each other.
    Case("two members", "gzip", members),
    Case("an empty member between", "gzip", nothing + members + nothing),
    Case("padded with zeros", "gzip", gzip + [0, 0, 0, 0, 0]),
    Case("a member after zeros", "gzip", gzip + [0, 0] + nothing),
    Case("no bytes at all", "gzip", []).gives([]),
    Case("an empty member", "gzip", nothing).gives([]),
    Case("zlib", "deflate", packed(plain, window: 15)),
    Case("raw deflate", "deflate", packed(plain, window: -15)),
    Case("no bytes of deflate", "deflate", []).gives([]),
    Case("identity", "identity", plain), Case("an empty field", "", plain),
    Case("twice", "gzip, gzip", packed(gzip, window: 31)),
    Case(
      "two fields",
      "deflate\r\nContent-Encoding: gzip",
      packed(packed(plain, window: 15), window: 31)
    ),
    Case("identity among others", "identity, gzip", gzip),
    Case("trailing bytes", "gzip", gzip + Array("garbage".utf8))
      .fails("the answer's gzip data is followed by other bytes"),
    Case("trailing bytes after zlib", "deflate", packed(plain, window: 15) + [1])
      .fails("the answer's deflate data is followed by other bytes"),
    Case("a second member that is cut", "gzip", gzip + gzip.prefix(8))
      .fails("the answer's gzip data ends too early"),
    Case("cut", "gzip", Array(gzip.dropLast(6))).fails("the answer's gzip data ends too early"),
    Case("one byte of deflate", "deflate", [0x78])
      .fails("the answer's deflate data ends too early"),
    Case("a wrong sum", "gzip", gzip.dropLast(8) + [1, 2, 3, 4] + gzip.suffix(4))
      .fails("the answer's gzip data is damaged: incorrect data check"),
    Case("no gzip", "gzip", plain)
      .fails("the answer is not gzip, although its Content-Encoding says so"),
    Case("gzip once, said twice", "gzip, gzip", gzip)
      .fails("the answer is not gzip, although its Content-Encoding says so"),
    Case("brotli", "br", [0x0B, 0x02, 0x80])
      .fails(
        "the answer has the content coding \"br\", which was not asked for; a proxy may have "
          + "changed it"
      ),
    Case("brotli of nothing", "br", []).gives([]),
    Case("five times", "gzip,gzip,gzip,gzip,gzip", gzip).fails("the answer has 5 content codings"),
  ]

  /// In one piece, and a byte a chunk: every border of a header and a trailer is one of two writes.
  @Test(arguments: cases, [false, true])
  func bodies(_ item: Case, _ isDripped: Bool) async throws {
    let length = isDripped ? "Transfer-Encoding: chunked" : "Content-Length: \(item.body.count)"
    var answer = Array("HTTP/1.1 200 OK\r\n\(item.coding)\r\n\(length)\r\n\r\n".utf8)
    if isDripped {
      for byte in item.body { answer += Array("1\r\n".utf8) + [byte] + Array("\r\n".utf8) }
      answer += Array("0\r\n\r\n".utf8)
    } else {
      answer += item.body
    }
    let server = try ScriptedServer(answering: answer)
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    // Whatever became of a body, the connection has read all of it.
    for _ in 0..<2 {
      let response = try await client.send(get(server.url))
      #expect(response.status == 200)
      #expect(response.body == item.decoded ?? [])
      #expect(response.codingFault == (item.decoded == nil ? item.fault : nil))
    }
    #expect(server.accepted == 1)
  }

  /// An answer that is no success is told by its status, whatever its page is packed in.
  @Test func aStatusNeedsNoBody() async throws {
    let server = try ScriptedServer(
      answering: "HTTP/1.1 403 Forbidden\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc"
    )
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let response = try await client.send(get(server.url))
    #expect(response.status == 403)
    #expect(response.body.isEmpty)
  }

  /// A bomb within a coding that shrinks again would never show in the body's own size.
  @Test func everyCodingHasTheLimit() async throws {
    let empty = Array(repeating: ContentDecoderTests.nothing, count: 60_000).flatMap { $0 }
    let server = try ScriptedServer(
      answering: Array(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nConnection: close\r\n\r\n".utf8
      ) + ContentDecoderTests.packed(empty, window: 31)
    )
    defer { server.stop() }
    let client = try makeClient()
    defer { client.shutdown() }
    let error = try await failure(of: get(server.url, maxResponseSize: 1 << 20), with: client)
    #expect(error.code == .tooLarge)
  }
}

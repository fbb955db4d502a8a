import CZlib
import HTTPListener
import Testing

/// Parts compressed apart make one gzip member that zlib reads whole.
@Suite struct DeflatedPartTests {
  /// What zlib makes of a gzip body, and whether it ended exactly with its only member.
  private func inflated(_ body: [UInt8], room: Int) -> (bytes: [UInt8], isWhole: Bool) {
    var stream = unsafe z_stream()
    let status = unsafe inflateInit2_(
      &stream,
      31,
      ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size)
    )
    guard status == Z_OK else { return ([], false) }
    defer { unsafe inflateEnd(&stream) }
    var isWhole = false
    var input = body
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: room + 1) { output, count in
      unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        isWhole = unsafe inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_in == 0
        count = unsafe Int(stream.total_out)
      }
    }
    return (bytes, isWhole)
  }

  /// Is told by its parts' sizes: some are no reading matter.
  struct Text: CustomTestStringConvertible, Sendable {
    let parts: [String]

    init(_ parts: String...) { self.parts = parts }

    var testDescription: String { "parts of \(parts.map(\.utf8.count)) bytes" }
  }

  private static let texts = [
    Text(), Text(""), Text("a"), Text("", ""), Text("abc", "def"), Text("", "tail"),
    Text("head", ""),
    Text(String(repeating: "experia_sessions_total 1\n", count: 20_000), "# EOF\n"),
    Text("x", String(repeating: "\u{0}", count: 100_000), "y", "ü", "end"),
  ]

  @Test(arguments: texts, [1, 6, 9])
  func joinsToOneMember(text: Text, level: Int) {
    let whole = Array(text.parts.joined().utf8)
    let segments = DeflatedPart.gzip(text.parts.map { DeflatedPart(Array($0.utf8), level: level) })
    let (bytes, isWhole) = inflated(Array(segments.joined()), room: whole.count)
    #expect(isWhole)
    #expect(bytes == whole)
  }

  @Test func randomBytesInRandomParts() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let parts = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        (0..<Int.random(in: 0...5000, using: &generator)).map { _ in
          UInt8.random(in: 0...255, using: &generator)
        }
      }
      let whole = Array(parts.joined())
      let segments = DeflatedPart.gzip(parts.map { DeflatedPart($0, level: 1) })
      let (bytes, isWhole) = inflated(Array(segments.joined()), room: whole.count)
      #expect(isWhole && bytes == whole)
    }
  }

  @Test func oneCompressedPartServesManyBodies() {
    let head = DeflatedPart(Array("families\n".utf8), level: 1)
    for number in 0..<50 {
      let tail = Array("tail \(number)\n".utf8)
      let body = DeflatedPart.gzip([head, DeflatedPart(tail, level: 1)])
      let (bytes, isWhole) = inflated(Array(body.joined()), room: 100)
      #expect(isWhole)
      #expect(String(decoding: bytes, as: UTF8.self) == "families\ntail \(number)\n")
    }
  }
}

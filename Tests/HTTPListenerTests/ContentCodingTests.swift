import CZlib
import HTTPListener
import Testing

@Suite struct ContentCodingTests {
  /// What another program makes of the bytes: zlib's inflate, told to expect gzip.
  private func gunzip(_ bytes: [UInt8], capacity: Int) -> [UInt8]? {
    var stream = unsafe z_stream()
    guard
      unsafe inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { unsafe inflateEnd(&stream) }
    var input = bytes
    var status = Z_OK
    let plain = unsafe [UInt8](unsafeUninitializedCapacity: capacity + 1) { output, count in
      unsafe input.withUnsafeMutableBufferPointer { input in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        status = unsafe inflate(&stream, Z_FINISH)
        count = unsafe Int(stream.total_out)
      }
    }
    // The end was reached, and nothing follows it.
    return unsafe status == Z_STREAM_END && stream.avail_in == 0 ? plain : nil
  }

  private static let noise: [UInt8] = {
    var state: UInt32 = 1
    return (0..<300_000).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }()

  private static let samples: [[UInt8]] = [
    [], [0], Array("cx_exporter_target_up{vendor=\"kore\"} 1\n".utf8), noise,
    [UInt8](repeating: 0x61, count: 1_000_000),
    Array(String(repeating: "experia_queue_length{queue=\"support\"} 12\n", count: 20_000).utf8),
  ]

  @Test(arguments: samples.indices, [-1, 1, 6, 9, 99])
  func roundTrip(_ index: Int, _ level: Int) {
    let sample = ContentCodingTests.samples[index]
    let packed = ContentCoding.gzip(sample, level: level)
    #expect(packed.starts(with: [0x1F, 0x8B, 8]))
    #expect(gunzip(packed, capacity: sample.count) == sample)
  }

  @Test func segmentsAreOneMember() {
    let samples = ContentCodingTests.samples
    let whole = samples.flatMap { $0 }
    let packed = ContentCoding.gzip(Array(samples.joined()), level: 6)
    #expect(gunzip(packed, capacity: whole.count) == whole)
    #expect(packed.count < whole.count / 4)
  }

  @Test(
    arguments: [
      (nil, false), ("", false), ("gzip", true), ("GZIP", true), ("x-gzip", true),
      ("gzip, deflate, br", true), ("deflate, br", false), ("br;q=1.0, gzip;q=0.8, *;q=0.1", true),
      ("gzip;q=0", false), ("gzip;q=0.000", false), ("gzip; q=0.001", true), ("gzip ; Q=1", true),
      ("gzip;q=1.000", true), ("gzip;q=1.001", false), ("gzip;q=2", false), ("gzip;q=-1", false),
      ("gzip;q=", false), ("gzip;q=.5", false), ("gzip;q=0.1234", false), ("gzip;q=a", false),
      ("gzip;level=1", false), ("*", true), ("*;q=0", false), ("*;q=0, gzip", true),
      ("gzip;q=0, *", false), ("identity", false), ("identity, gzip", true),
      ("identity;q=1, gzip;q=0.5", false), ("identity;q=0.5, gzip;q=1", true),
      ("identity;q=0", false), ("identity;q=0, *", true), (" , gzip ,", true), ("gzipped", false),
      ("\tgzip\t", true),
    ] as [(String?, Bool)]
  )
  func negotiation(_ field: String?, _ isAccepted: Bool) {
    #expect(ContentCoding.acceptsGzip(field) == isAccepted)
  }
}

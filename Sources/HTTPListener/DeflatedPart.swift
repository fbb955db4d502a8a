private import CZlib

/// Bytes that were compressed once and can be joined with others to one gzip body.
///
/// A cached body keeps its compressed form while what follows it changes with every answer. The
/// parts are deflate blocks that end on a byte and refer to nothing before them (RFC 1951), so that
/// they may stand one after the other between one header and one trailer (RFC 1952): a single
/// member, which every client reads.
public struct DeflatedPart: Sendable {
  private let blocks: [UInt8]
  private let checksum: UInt32
  private let count: Int

  /// Compresses bytes.
  ///
  /// - Parameters:
  ///   - bytes: What to compress.
  ///   - level: 1 (fast) to 9 (small); others are brought into that range.
  public init(_ bytes: [UInt8], level: Int) {
    count = bytes.count
    checksum = unsafe bytes.withUnsafeBufferPointer { input in
      unsafe UInt32(truncatingIfNeeded: crc32_z(0, input.baseAddress, input.count))
    }
    var stream = unsafe z_stream()
    // A negative window is 15 bits of window without a header or trailer.
    let status = unsafe deflateInit2_(
      &stream,
      Int32(min(max(level, 1), 9)),
      Z_DEFLATED,
      -15,
      8,
      Z_DEFAULT_STRATEGY,
      ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size)
    )
    precondition(status == Z_OK, "zlib has no memory")
    defer { unsafe deflateEnd(&stream) }
    let bound = unsafe Int(deflateBound(&stream, UInt(bytes.count))) + DeflatedPart.flushRoom
    blocks = unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, written in
      unsafe bytes.withUnsafeBufferPointer { input in
        // zlib counts in 32 bits.
        for start in stride(from: 0, to: input.count, by: 1 << 30) {
          unsafe stream.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.advanced(by: start)
          )
          unsafe stream.avail_in = UInt32(min(input.count - start, 1 << 30))
          unsafe DeflatedPart.step(&stream, into: output, flush: Z_NO_FLUSH)
        }
      }
      unsafe DeflatedPart.step(&stream, into: output, flush: Z_SYNC_FLUSH)
      written = unsafe Int(stream.total_out)
    }
  }

  /// What a flush writes beyond the bound that zlib gives for a finished stream.
  private static let flushRoom = 64

  /// The parts, one after the other, as one gzip member, in segments that are not joined.
  public static func gzip(_ parts: [DeflatedPart]) -> [[UInt8]] {
    // Deflate, no flags, no time, no hint, system unknown (RFC 1952, section 2.3).
    let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    // An empty final block with fixed codes.
    var trailer: [UInt8] = [0x03, 0x00]
    var checksum: UInt = 0
    var count: UInt32 = 0
    for part in parts {
      checksum = crc32_combine(checksum, UInt(part.checksum), Int(part.count))
      count &+= UInt32(truncatingIfNeeded: part.count)
    }
    for word in [UInt32(truncatingIfNeeded: checksum), count] {
      for shift in [0, 8, 16, 24] { trailer.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    return [header] + parts.map(\.blocks) + [trailer]
  }

  /// One call of deflate; by its own bound there is always room for all that comes of it.
  private static func step(
    _ stream: inout z_stream,
    into output: UnsafeMutableBufferPointer<UInt8>,
    flush: Int32
  ) {
    let written = unsafe Int(stream.total_out)
    unsafe stream.next_out = output.baseAddress?.advanced(by: written)
    unsafe stream.avail_out = UInt32(clamping: output.count - written)
    let status = unsafe deflate(&stream, flush)
    // Nothing to flush is no error (zlib.h, "deflate").
    precondition(status == Z_OK || status == Z_BUF_ERROR, "zlib broke its bound")
  }
}

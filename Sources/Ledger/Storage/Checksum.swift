import CZlib

/// CRC-32 as in zlib and Ethernet: finds every damage of up to 32 neighbouring bits.
enum Checksum {
  static func crc(of bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
    unsafe bytes.withUnsafeBytes { buffer in
      let part = unsafe UnsafeRawBufferPointer(rebasing: buffer[range])
      return unsafe UInt32(
        truncatingIfNeeded: crc32_z(0, part.bindMemory(to: UInt8.self).baseAddress, part.count)
      )
    }
  }

  static func crc(of bytes: [UInt8]) -> UInt32 { crc(of: bytes, 0..<bytes.count) }
}

/// Appends numbers (little-endian) and strings (UTF-8 behind a 32-bit length) to bytes.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: UInt8) { bytes.append(value) }

  mutating func append(_ value: UInt32) { append(UInt64(value), count: 4) }

  mutating func append(_ value: UInt64) { append(value, count: 8) }

  mutating func append(_ value: Int64) { append(UInt64(bitPattern: value)) }

  mutating func append(_ value: Double) { append(value.bitPattern) }

  /// A number that may be missing.
  mutating func append(optional value: Double?) {
    append(UInt8(value == nil ? 0 : 1))
    append(value ?? 0)
  }

  /// A count or a position.
  mutating func append(count: Int) { append(UInt32(clamping: count)) }

  mutating func append(_ text: String) {
    append(count: text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func append(_ other: [UInt8]) { bytes += other }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  private mutating func append(_ value: UInt64, count: Int) {
    for index in 0..<count {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
    }
  }
}

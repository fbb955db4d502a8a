/// How a backfill's own files are written: little-endian, lengths before what they count.
struct BackfillWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(word: Int) { append(UInt64(truncatingIfNeeded: word), count: 4) }

  mutating func append(_ value: UInt64) { append(value, count: 8) }

  mutating func append(_ value: Int64) { append(UInt64(bitPattern: value), count: 8) }

  mutating func append(_ value: Double) { append(value.bitPattern, count: 8) }

  mutating func append(_ text: String) {
    append(word: text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func append(_ other: [UInt8]) { bytes += other }

  private mutating func append(_ value: UInt64, count: Int) {
    for index in 0..<count {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
    }
  }
}

/// Reads what `BackfillWriter` wrote; nil where the bytes end too early.
struct BackfillReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func word() -> Int? { number(4).map { Int($0) } }

  mutating func long() -> UInt64? { number(8) }

  mutating func integer() -> Int64? { number(8).map { Int64(bitPattern: $0) } }

  mutating func double() -> Double? { number(8).map { Double(bitPattern: $0) } }

  mutating func string() -> String? {
    guard let count = word(), count <= bytes.count - position else { return nil }
    defer { position += count }
    return String(decoding: bytes[position..<position + count], as: UTF8.self)
  }

  private mutating func number(_ count: Int) -> UInt64? {
    guard count <= bytes.count - position else { return nil }
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += count
    return value
  }
}

/// FNV-1a, 64 bits: finds a block that was not written whole, and tells configurations apart.
enum BackfillChecksum {
  static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}

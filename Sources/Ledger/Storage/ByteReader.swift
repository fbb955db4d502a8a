/// Reads what `ByteWriter` wrote; bytes that end too early or mean nothing are an error, never a trap.
struct ByteReader {
  /// The bytes are not what was written.
  struct Malformed: Error {}

  private let bytes: [UInt8]
  private(set) var position: Int
  private let end: Int
  /// The last strings that came up at a place: label names repeat from series to series.
  private var interned: [String] = []

  init(_ bytes: [UInt8], from start: Int = 0, to end: Int? = nil) {
    self.bytes = bytes
    position = start
    self.end = end ?? bytes.count
  }

  var isAtEnd: Bool { position == end }

  var remaining: Int { end - position }

  mutating func byte() throws(Malformed) -> UInt8 {
    let start = try advance(1)
    return bytes[start]
  }

  mutating func word() throws(Malformed) -> UInt32 {
    let start = try advance(4)
    let value = unsafe bytes.withUnsafeBytes {
      unsafe $0.loadUnaligned(
        fromByteOffset: start,
        as: UInt32.self
      )
    }
    return UInt32(littleEndian: value)
  }

  mutating func long() throws(Malformed) -> UInt64 {
    let start = try advance(8)
    let value = unsafe bytes.withUnsafeBytes {
      unsafe $0.loadUnaligned(
        fromByteOffset: start,
        as: UInt64.self
      )
    }
    return UInt64(littleEndian: value)
  }

  mutating func integer() throws(Malformed) -> Int64 { Int64(bitPattern: try long()) }

  mutating func double() throws(Malformed) -> Double { Double(bitPattern: try long()) }

  mutating func finite() throws(Malformed) -> Double {
    let value = try double()
    guard value.isFinite else { throw Malformed() }
    return value
  }

  /// A number that may be missing.
  mutating func optional() throws(Malformed) -> Double? {
    let isThere = try byte() == 1
    let value = try finite()
    return isThere ? value : nil
  }

  /// A position.
  mutating func index() throws(Malformed) -> Int { Int(try word()) }

  /// A count of things that take at least so many bytes each: never more than can follow.
  mutating func count(ofAtLeast size: Int) throws(Malformed) -> Int {
    let count = Int(try word())
    guard count <= remaining / size else { throw Malformed() }
    return count
  }

  mutating func string() throws(Malformed) -> String {
    let range = try stringRange()
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// A string that is likely to be the one that was last read at this place.
  mutating func string(place: Int) throws(Malformed) -> String {
    let range = try stringRange()
    if place < interned.count, interned[place].utf8.elementsEqual(bytes[range]) {
      return interned[place]
    }
    let text = String(decoding: bytes[range], as: UTF8.self)
    if place < interned.count {
      interned[place] = text
    } else if place == interned.count {
      interned.append(text)
    }
    return text
  }

  private mutating func stringRange() throws(Malformed) -> Range<Int> {
    let count = try count(ofAtLeast: 1)
    let start = try advance(count)
    return start..<start + count
  }

  private mutating func advance(_ count: Int) throws(Malformed) -> Int {
    guard count <= remaining else { throw Malformed() }
    defer { position += count }
    return position
  }
}

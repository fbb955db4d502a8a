/// What stands around every record: length (4), sequence number (8), CRC-32 of the payload (4), CRC-32
/// of those sixteen bytes (4), then the payload.
///
/// The header has a checksum of its own, so that a flipped length does not look like a torn tail.
enum RecordFrame {
  static let headerSize = 20

  /// What follows at a place in a file.
  enum Next {
    case record(sequence: UInt64, payload: Range<Int>)
    /// The file ends here, as it should.
    case end
    /// The file ends in the middle of a record, or in zeros: the last write did not get through.
    case torn
    case damaged
  }

  static func encoded(_ payload: [UInt8], sequence: UInt64) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(count: payload.count)
    writer.append(sequence)
    writer.append(Checksum.crc(of: payload))
    writer.append(Checksum.crc(of: writer.bytes))
    writer.append(payload)
    return writer.bytes
  }

  static func next(in bytes: [UInt8], at start: Int) -> Next {
    if start == bytes.count { return .end }
    var reader = ByteReader(bytes, from: start)
    guard reader.remaining >= headerSize else { return .torn }
    guard let length = try? reader.word(), let sequence = try? reader.long(),
      let checksum = try? reader.word(), let ownChecksum = try? reader.word()
    else { return .damaged }
    guard ownChecksum == Checksum.crc(of: bytes, start..<start + headerSize - 4) else {
      return bytes[start...].allSatisfy { $0 == 0 } ? .torn : .damaged
    }
    guard Int(length) <= reader.remaining else { return .torn }
    let payload = reader.position..<reader.position + Int(length)
    guard checksum == Checksum.crc(of: bytes, payload) else { return .damaged }
    return .record(sequence: sequence, payload: payload)
  }
}

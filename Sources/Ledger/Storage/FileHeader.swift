/// The first 24 bytes of every file: magic (8), version (4), number (8), CRC-32 of those (4).
///
/// The layout is the same in all versions, so that a newer file is told from a damaged one.
struct FileHeader {
  /// What a file is, by its first eight bytes.
  enum Kind: String {
    case journal = "CXJOURNL"
    case snapshot = "CXSNAPSH"
    case state = "CXSTATEF"
  }

  static let size = 24

  let version: UInt32
  /// A journal's first sequence number, or the last one that a snapshot covers.
  let number: UInt64

  func encoded(as kind: Kind) -> [UInt8] {
    var writer = ByteWriter()
    writer.append([UInt8](kind.rawValue.utf8))
    writer.append(version)
    writer.append(number)
    writer.append(Checksum.crc(of: writer.bytes))
    return writer.bytes
  }

  init(version: UInt32, number: UInt64) {
    self.version = version
    self.number = number
  }

  /// Nil where the bytes do not start with an intact header of that kind.
  init?(_ bytes: [UInt8], kind: Kind) {
    guard bytes.count >= FileHeader.size, bytes.starts(with: kind.rawValue.utf8) else { return nil }
    var reader = ByteReader(bytes, from: 8, to: FileHeader.size)
    guard let version = try? reader.word(), let number = try? reader.long(),
      let checksum = try? reader.word(),
      checksum == Checksum.crc(of: bytes, 0..<FileHeader.size - 4)
    else { return nil }
    self.version = version
    self.number = number
  }
}

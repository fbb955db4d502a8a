/// A snapshot: the whole state as of one sequence number.
///
/// Behind the file header come records, numbered from 0, each of them a kind and what belongs to it:
/// 1 target, 2 family, 3 series of that family, 4 end of the target, 5 end of the file. A target
/// counts only with its end.
enum SnapshotFile {
  static let version: UInt32 = 1
  private static let chunkSize = 256 * 1024

  /// What could be read.
  struct Contents {
    var ledger = LedgerContents()
    /// Whether everything was there up to the end of the file.
    var isIntact = false
  }

  /// Writes the state record by record: no lock is held and no more than a chunk is in memory.
  ///
  /// - Returns: How many bytes were written.
  static func write(
    _ ledger: LedgerContents,
    covering sequence: UInt64,
    using put: ([UInt8]) throws(FileError) -> Void
  ) throws(FileError) -> Int {
    var size = 0
    var record: UInt64 = 0
    var writer = ByteWriter()
    func flush() throws(FileError) {
      let bytes = RecordFrame.encoded(writer.bytes, sequence: record)
      try put(bytes)
      size += bytes.count
      record += 1
      writer.removeAll()
    }
    let header = FileHeader(version: version, number: sequence).encoded(as: .snapshot)
    try put(header)
    size += header.count
    for (name, target) in ledger.targets.sorted(by: { $0.key < $1.key }) {
      writer.append(UInt8(1))
      writer.append(name)
      writer.append(optional: target.removedAt)
      writer.append(optional: target.closedThrough.map(Double.init))
      writer.append(optional: target.lastHorizon)
      try flush()
      for family in target.families {
        writer.append(UInt8(2))
        writer.append(family.name)
        writer.append(family.help)
        writer.append(count: family.states.count)
        try flush()
        writer.append(UInt8(3))
        for (labels, state) in zip(family.labels, family.states) {
          LedgerCoding.append(labels, to: &writer)
          LedgerCoding.append(state, to: &writer)
          if writer.bytes.count >= chunkSize {
            try flush()
            writer.append(UInt8(3))
          }
        }
        try flush()
      }
      writer.append(UInt8(4))
      try flush()
    }
    writer.append(UInt8(5))
    try flush()
    return size
  }

  /// Reads the targets that are intact, behind an intact header.
  static func read(_ bytes: [UInt8]) -> Contents {
    var contents = Contents()
    var position = FileHeader.size
    var expected: UInt64 = 0
    var current: (name: String, target: TargetLedger)?
    while case .record(expected, let payload) = RecordFrame.next(in: bytes, at: position) {
      position = payload.upperBound
      expected += 1
      var reader = ByteReader(bytes, from: payload.lowerBound, to: payload.upperBound)
      do throws(ByteReader.Malformed) {
        let isLast = try read(&reader, &current, into: &contents.ledger)
        guard reader.isAtEnd else { return contents }
        if isLast {
          contents.isIntact = position == bytes.count
          return contents
        }
      } catch {
        return contents
      }
    }
    return contents
  }

  /// Returns whether the record was the last one.
  private static func read(
    _ reader: inout ByteReader,
    _ current: inout (name: String, target: TargetLedger)?,
    into ledger: inout LedgerContents
  ) throws(ByteReader.Malformed) -> Bool {
    switch try reader.byte() {
    case 1:
      let name = try reader.string()
      var target = TargetLedger()
      target.removedAt = try reader.optional()
      target.closedThrough = try reader.optional().flatMap { Int64(exactly: $0) }
      target.lastHorizon = try reader.optional()
      current = (name, target)
    case 2:
      var family = FamilyLedger(name: try reader.string(), help: try reader.string())
      // The count comes from a checked record; it is only a hint for the memory.
      family.reserveCapacity(min(try reader.index(), 1 << 24))
      guard current?.target.position(ofFamily: family.name) == nil else {
        throw ByteReader.Malformed()
      }
      current?.target.append(family)
    case 3:
      guard current?.target.families.isEmpty == false else { throw ByteReader.Malformed() }
      while !reader.isAtEnd {
        let labels = try LedgerCoding.labels(from: &reader)
        let state = try LedgerCoding.series(from: &reader)
        current?.target.appendToLastFamily(labels, state)
      }
    case 4:
      guard let finished = current else { throw ByteReader.Malformed() }
      ledger.restore(finished.target, named: finished.name)
      current = nil
    case 5: return true
    default: throw ByteReader.Malformed()
    }
    return false
  }
}

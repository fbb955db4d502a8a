/// Applies the journals' records to a state, in the order of their sequence numbers, up to the first
/// one that is missing or damaged.
struct JournalReplay {
  static let version: UInt32 = 1

  /// A journal of which a part cannot be used.
  struct Loss {
    let first: UInt64
    /// Where the intact part ends; 0 where nothing of the file is used.
    let offset: Int
    let size: Int
    /// Whether the file merely ends too early, as after a power failure.
    let isTorn: Bool
  }

  private(set) var contents: LedgerContents
  /// The last sequence number that is applied.
  private(set) var sequence: UInt64
  /// How many bytes of journals were read.
  private(set) var journalBytes = 0
  private(set) var losses: [Loss] = []
  /// Whether the snapshot was damaged: records about lost targets are passed over.
  private let isPartial: Bool

  init(_ contents: LedgerContents, sequence: UInt64, isPartial: Bool = false) {
    self.contents = contents
    self.sequence = sequence
    self.isPartial = isPartial
  }

  /// Reads the journals that start with these sequence numbers.
  mutating func run(
    _ journals: [UInt64],
    read: (UInt64) throws(StorageError) -> [UInt8]
  ) throws(StorageError) {
    for (index, first) in journals.enumerated() {
      if index + 1 < journals.count, journals[index + 1] <= sequence + 1 { continue }
      let bytes = try read(first)
      journalBytes += bytes.count
      if first > sequence + 1 {
        // Records are missing before it. What follows was made for a state that nobody has.
        losses.append(Loss(first: first, offset: 0, size: bytes.count, isTorn: false))
      } else {
        replay(bytes, first: first)
      }
    }
  }

  private mutating func replay(_ bytes: [UInt8], first: UInt64) {
    func loss(at offset: Int, isTorn: Bool) -> Loss {
      Loss(first: first, offset: offset, size: bytes.count, isTorn: isTorn)
    }
    guard let header = FileHeader(bytes, kind: .journal), header.number == first else {
      let isTorn = bytes.count < FileHeader.size || bytes.allSatisfy { $0 == 0 }
      losses.append(loss(at: 0, isTorn: isTorn))
      return
    }
    var position = FileHeader.size
    var expected = first
    while true {
      switch RecordFrame.next(in: bytes, at: position) {
      case .end: return
      case .torn:
        losses.append(loss(at: position, isTorn: true))
        return
      case .record(expected, let payload)
      where expected <= sequence || apply(bytes, payload, sequence: expected):
        position = payload.upperBound
        expected += 1
      case .damaged, .record:
        losses.append(loss(at: expected == first ? 0 : position, isTorn: false))
        return
      }
    }
  }

  /// Returns whether the record could be applied.
  private mutating func apply(
    _ bytes: [UInt8],
    _ payload: Range<Int>,
    sequence next: UInt64
  ) -> Bool {
    var reader = ByteReader(bytes, from: payload.lowerBound, to: payload.upperBound)
    guard let change = try? LedgerCoding.change(from: &reader), reader.isAtEnd else { return false }
    if contents.fits(change) {
      _ = contents.apply(change)
    } else if !isPartial {
      return false
    }
    sequence = next
    return true
  }
}

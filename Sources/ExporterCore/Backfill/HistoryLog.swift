import CollectorKit
import Exposition
import Ledger
import Synchronization

/// The answers of a backfill on the disk: a block an answer, added whole or not at all, so that a
/// backfill that was interrupted asks for none of them again.
///
/// A block is its length, its checksum and its payload: the target, the part, the families and series
/// that are new, and the records. What a crash left of a block is cut off at the next start.
final class HistoryLog: Sendable {
  private struct State {
    let file: BackfillFile
    var size = 0
    var catalog = HistoryCatalog()
    var done: Set<String> = []
  }

  private static let headSize = 12
  /// No answer comes near it; a length beyond it is a damaged one.
  private static let largestBlock = 1 << 28

  private let path: String
  private let state: Mutex<State>

  /// Opens the file and finds out what is in it.
  init(path: String) throws(BackfillError) {
    let file = try BackfillFile(path: path, isEmptied: false, isPrivate: true)
    var catalog = HistoryCatalog()
    var done: Set<String> = []
    let size = try HistoryLog.blocks(of: file) { block in
      guard block.define(in: &catalog) else { return false }
      done.insert(HistoryLog.key(block.target, block.part))
      return true
    }
    try file.truncate(to: size)
    self.path = path
    state = Mutex(State(file: file, size: size, catalog: catalog, done: done))
  }

  private static func key(_ target: String, _ part: String) -> String { "\(target)\u{0}\(part)" }

  /// The families and series so far.
  var catalog: HistoryCatalog { state.withLock { $0.catalog } }

  /// How many answers there are.
  var count: Int { state.withLock { $0.done.count } }

  /// Whether a part's answer is there.
  func has(_ part: String, of target: String) -> Bool {
    state.withLock { $0.done.contains(HistoryLog.key(target, part)) }
  }

  /// Adds an answer.
  func append(
    _ values: HistoryValues,
    part: String,
    of target: String
  ) throws(BackfillError) {
    try state.withLock { state throws(BackfillError) in
      var block = HistoryBlock(target: target, part: part)
      block.add(values, &state.catalog)
      let payload = block.encoded()
      var writer = BackfillWriter()
      writer.append(word: payload.count)
      writer.append(BackfillChecksum.of(payload))
      writer.append(payload)
      try state.file.write(writer.bytes)
      state.size += writer.bytes.count
      state.done.insert(HistoryLog.key(target, part))
    }
  }

  /// Goes through all records, in the order in which they came.
  func forEachRecord(
    _ body: (HistoryRecord) throws(BackfillError) -> Void
  ) throws(BackfillError) {
    let expected = state.withLock { $0.size }
    let file = try BackfillFile(path: path, isEmptied: false, isPrivate: true)
    var sequence: UInt32 = 0
    let size = try HistoryLog.blocks(of: file) { block throws(BackfillError) in
      for record in block.records {
        var record = record
        record.sequence = sequence
        sequence &+= 1
        try body(record)
      }
      return true
    }
    guard size == expected else {
      throw BackfillError("\(path) was changed by somebody else; remove its folder and start again")
    }
  }

  /// Reads block after block up to the first that is not whole or that `body` does not take.
  ///
  /// - Returns: Where that one begins.
  private static func blocks(
    of file: BackfillFile,
    _ body: (HistoryBlock) throws(BackfillError) -> Bool
  ) throws(BackfillError) -> Int {
    var offset = 0
    while true {
      var head = BackfillReader(try file.read(headSize, at: offset))
      guard let length = head.word(), let checksum = head.long(), length <= largestBlock else {
        return offset
      }
      let payload = try file.read(length, at: offset + headSize)
      guard payload.count == length, BackfillChecksum.of(payload) == checksum,
        let block = HistoryBlock(decoding: payload), try body(block)
      else { return offset }
      offset += headSize + length
    }
  }
}

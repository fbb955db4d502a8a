import Exposition
import TestSupport

@testable import Ledger
@testable import Scheduling

/// The ledger's reader: from any bytes in its folder to a state that can be counted on and stored.
///
/// The input's first byte says what the rest is: `j` a journal, `s` a snapshot, `J` and `S` only
/// their payloads, each behind its length in two bytes, which get intact headers and checksums, for
/// no fuzzer guesses a checksum; `B` the text of a request budget.
enum LedgerFuzzing {
  private static let folder = StorageFolder(path: "/ledger")
  private static let now = 1_768_478_400.0

  static func run(_ bytes: [UInt8]) {
    guard let kind = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    switch kind {
    case UInt8(ascii: "j"): open(folder.journal(1), rest)
    case UInt8(ascii: "s"): open(folder.snapshot(1), rest)
    case UInt8(ascii: "J"): open(folder.journal(1), file(.journal, rest, first: 1))
    case UInt8(ascii: "S"): open(folder.snapshot(1), file(.snapshot, rest, first: 0))
    case UInt8(ascii: "B"): readBudget(rest)
    default: break
    }
  }

  /// A file with intact checksums around the payloads.
  private static func file(_ kind: FileHeader.Kind, _ bytes: [UInt8], first: UInt64) -> [UInt8] {
    var file = FileHeader(version: 1, number: 1).encoded(as: kind)
    var sequence = first
    var rest = bytes[...]
    while rest.count >= 2 {
      let length = Int(rest[rest.startIndex]) | Int(rest[rest.startIndex + 1]) << 8
      rest = rest.dropFirst(2)
      file += RecordFrame.encoded(Array(rest.prefix(length)), sequence: sequence)
      sequence += 1
      rest = rest.dropFirst(length)
    }
    return file
  }

  /// Opens a folder with that file as an agent does at its start.
  private static func open(_ path: String, _ bytes: [UInt8]) {
    let files = MemoryFiles()
    do {
      let descriptor = try files.create(path)
      try files.write(bytes, to: descriptor, path: path)
      files.close(descriptor)
      let loader = LedgerLoader(
        folder: folder,
        files: files,
        logger: LogRecorder().logger,
        now: now
      )
      let contents = try loader.load().contents
      try checkStored(contents)
      goOn(contents)
    } catch let error as StorageError {
      // The file of a newer agent; nothing else refuses to start.
      require(error.description.contains("version"), "refused: \(error.description)")
    } catch {
      require(false, "the files in memory: \(error)")
    }
  }

  /// The state is the same after it was written and read.
  private static func checkStored(_ contents: LedgerContents) throws(FileError) {
    let written = try snapshot(contents)
    let again = SnapshotFile.read(written)
    require(again.isIntact, "a snapshot of what was read is damaged")
    require(try snapshot(again.ledger) == written, "a snapshot differs from what it was made of")
  }

  private static func snapshot(_ contents: LedgerContents) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    _ = try SnapshotFile.write(contents, covering: 1) { bytes += $0 }
    return bytes
  }

  /// The next poll is counted on top of what was read, whatever that was.
  private static func goOn(_ contents: LedgerContents) {
    var contents = contents
    for (name, target) in contents.targets {
      var observations: [Observation] = []
      for family in target.metricFamilies() {
        observations.append(
          Observation(
            family: CounterFamily(name: family.name, help: family.help),
            labels: LabelSet([]),
            bucket: Bucket(start: 1_768_435_200, end: 1_768_521_600),
            value: 7
          )
        )
      }
      let (batch, _) = target.plan(observations, at: now, retention: 33 * 86_400)
      let change = LedgerChange.batch(target: name, batch)
      require(contents.fits(change), "the next poll does not fit what was read")
      _ = contents.apply(change)
    }
  }

  /// A budget that was read is written the same way.
  private static func readBudget(_ bytes: [UInt8]) {
    guard let record = BudgetRecord(bytes) else { return }
    require(BudgetRecord(record.bytes) == record, "a budget differs from what was read")
  }
}

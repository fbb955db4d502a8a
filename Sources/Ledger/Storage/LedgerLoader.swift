import Logging

/// Reads a storage folder: the newest snapshot and the journals behind it.
struct LedgerLoader {
  let folder: StorageFolder
  let files: any StorageFiles
  let logger: Logger
  let now: Double

  /// What was found.
  struct Result {
    var contents = LedgerContents()
    var sequence: UInt64 = 0
    var journals: Set<UInt64> = []
    var snapshots: Set<UInt64> = []
    var journalBytes = 0
    var snapshotBytes = 0
    /// Whether something was lost, so that what is left should be written anew.
    var isDamaged = false
  }

  func load() throws(StorageError) -> Result {
    let names = try calling { () throws(FileError) in try files.list(folder.path) }
    for name in names where name.hasSuffix(".tmp") {
      try calling { () throws(FileError) in try files.remove("\(folder.path)/\(name)") }
    }
    let journals = StorageFolder.numbers(in: names, ending: ".journal")
    let snapshots = StorageFolder.numbers(in: names, ending: ".snapshot")
    var result = Result()
    result.snapshots = Set(snapshots)
    result.journals = Set(journals)
    var damaged: [(sequence: UInt64, contents: LedgerContents)] = []
    var base: JournalReplay?
    for sequence in snapshots.reversed() {
      let path = folder.snapshot(sequence)
      let bytes = try read(path)
      let header = FileHeader(bytes, kind: .snapshot)
      if let header, header.version > SnapshotFile.version { throw newer(path, header.version) }
      let isNamed = header?.number == sequence
      let snapshot = isNamed ? SnapshotFile.read(bytes) : SnapshotFile.Contents()
      if snapshot.isIntact {
        base = JournalReplay(snapshot.ledger, sequence: sequence)
        result.snapshotBytes = bytes.count
        break
      }
      damaged.append((sequence, snapshot.ledger))
    }
    var replay = base ?? JournalReplay(LedgerContents(), sequence: 0)
    try run(&replay, journals)
    // An older snapshot does where its journals lead as far as the damaged one.
    if let newest = damaged.first, replay.sequence < newest.sequence {
      replay = JournalReplay(newest.contents, sequence: newest.sequence, isPartial: true)
      try run(&replay, journals)
    }
    for (sequence, _) in damaged {
      let path = folder.snapshot(sequence)
      try setAside(path, keeping: true)
      logger.error(
        "ledger snapshot is damaged and was set aside",
        [("file", path), ("targets_left", "\(replay.contents.targets.count)")]
      )
    }
    try report(replay.losses, &result)
    result.isDamaged = !damaged.isEmpty || replay.losses.contains { !$0.isTorn }
    result.contents = replay.contents
    result.sequence = replay.sequence
    result.journalBytes = replay.journalBytes
    return result
  }

  private func run(_ replay: inout JournalReplay, _ journals: [UInt64]) throws(StorageError) {
    try replay.run(journals) { (first) throws(StorageError) in
      let path = folder.journal(first)
      let bytes = try read(path)
      let header = FileHeader(bytes, kind: .journal)
      if let header, header.version > JournalReplay.version { throw newer(path, header.version) }
      return bytes
    }
  }

  private func report(
    _ losses: [JournalReplay.Loss],
    _ result: inout Result
  ) throws(StorageError) {
    for loss in losses {
      let path = folder.journal(loss.first)
      let fields: [Logger.Field] = [
        ("file", path), ("kept_bytes", "\(loss.offset)"),
        ("lost_bytes", "\(loss.size - loss.offset)"),
      ]
      if loss.isTorn {
        logger.warn("ledger journal ends in the middle of a write, which was cut off", fields)
      } else {
        // What is used must stay until a snapshot covers it; what is not would be in the way.
        try setAside(path, keeping: loss.offset > 0)
        if loss.offset == 0 { result.journals.remove(loss.first) }
        logger.error("ledger journal is damaged and was set aside", fields)
      }
    }
  }

  private func setAside(_ path: String, keeping: Bool) throws(StorageError) {
    let newPath = folder.damaged(path, at: now)
    try calling { () throws(FileError) in
      if keeping {
        try files.link(path, to: newPath)
      } else {
        try files.rename(path, to: newPath)
      }
    }
  }

  private func newer(_ path: String, _ version: UInt32) -> StorageError {
    StorageError(
      "\(path) has format version \(version) and this agent knows versions up to "
        + "\(SnapshotFile.version): run the newer agent that wrote it, or give this one an empty folder"
    )
  }

  private func read(_ path: String) throws(StorageError) -> [UInt8] {
    try calling { () throws(FileError) in try files.read(path) ?? [] }
  }

  private func calling<Value>(
    _ body: () throws(FileError) -> Value
  ) throws(StorageError) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw StorageError(
        "cannot use the storage folder \(folder.path): \(error.operation) \(error.path): "
          + "\(error.reason); the agent's user must be able to read and write there"
      )
    }
  }
}

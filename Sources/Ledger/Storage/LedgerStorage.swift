public import Logging
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Keeps a ledger in a folder, so that it survives `kill -9` and power failures.
///
/// Every change is a checksummed record at the end of a journal and on the disk (`fdatasync`) before it
/// is shown. When the journal has grown as large as the last snapshot, the whole state is written to a
/// new snapshot while reading and recording go on, and older files are removed. Files are named by
/// sequence numbers: a snapshot says up to which record it covers, and a journal with which it begins,
/// so that no record is applied twice whatever was left behind.
///
/// Where the disk refuses (it is full, broken or read-only), the ledger goes on in memory: counters
/// keep rising on `/metrics`, `errors` counts, and every ten seconds the whole state is tried again as
/// a snapshot. What was stored before stays. Should the agent end before the disk recovers, its counters
/// start again from what was stored last, which Prometheus takes for a counter reset.
public final class LedgerStorage: Sendable {
  /// The contents, for the one ledger that works on them.
  let state: LedgerState
  let folder: StorageFolder
  let files: any StorageFiles
  let faults: StorageFaults
  let logger: Logger
  let now: @Sendable () -> Double
  /// Keeps the state files' writers apart.
  let stateFiles = Mutex<Void>(())
  private let lock: FolderLock
  private let minimumJournalBytes: Int
  private let journal: Mutex<JournalState>

  /// Opens or creates the folder and reads what is in it.
  ///
  /// - Parameters:
  ///   - folder: A folder that only this agent uses, as systemd's `StateDirectory`.
  ///   - logger: Told about damage and about what the disk refuses.
  ///   - now: Unix seconds.
  /// - Throws: `StorageError` where the folder cannot be used, another agent uses it, or a newer agent
  ///   wrote it.
  public convenience init(
    folder: String,
    logger: Logger,
    now: @escaping @Sendable () -> Double = Logger.systemTime
  ) throws(StorageError) {
    try self.init(
      folder: folder,
      files: LinuxFiles(),
      minimumJournalBytes: 1 << 20,
      logger: logger,
      now: now
    )
  }

  /// The same with a file system and a journal size of the caller's choice.
  package init(
    folder path: String,
    files: any StorageFiles,
    minimumJournalBytes: Int,
    logger: Logger,
    now: @escaping @Sendable () -> Double
  ) throws(StorageError) {
    if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
      let error = FileError(operation: "create", path: path, code: errno)
      throw StorageError("cannot create the storage folder \(path): \(error.reason)")
    }
    let folder = StorageFolder(path: path)
    self.folder = folder
    self.files = files
    self.minimumJournalBytes = minimumJournalBytes
    self.logger = logger
    self.now = now
    faults = StorageFaults(logger: logger)
    lock = try FolderLock(folder: path)
    let loaded = try LedgerLoader(folder: folder, files: files, logger: logger, now: now()).load()
    state = LedgerState(loaded.contents)
    journal = Mutex(JournalState(loaded))
    if loaded.isDamaged { compact() }
  }

  deinit {
    if let file = journal.withLock({ $0.file }) { files.close(file.descriptor) }
  }

  /// How often the disk refused something.
  public var errors: Int { faults.count }

  /// Whether everything that is shown is also on the disk.
  public var isDurable: Bool { journal.withLock { !$0.isBehind } }

  /// How many bytes the journals behind the last snapshot have.
  package var journalBytes: Int { journal.withLock { $0.bytes } }

  /// Appends a change and waits for the disk; only within `LedgerState.exclusively`.
  func append(_ change: LedgerChange) {
    var writer = ByteWriter()
    LedgerCoding.append(change, to: &writer)
    journal.withLock { journal in
      journal.sequence += 1
      guard !journal.isBehind else { return }
      let record = RecordFrame.encoded(writer.bytes, sequence: journal.sequence)
      do throws(FileError) {
        let file = try openJournal(&journal)
        try files.write(record, to: file.descriptor, path: file.path)
        try files.sync(file.descriptor, path: file.path)
        journal.bytes += record.count
      } catch {
        // The file may end in half a record: nothing may follow it.
        closeFile(&journal)
        journal.isBehind = true
        journal.retryAt = now() + 10
        reportBehind(error)
      }
    }
  }

  /// Writes a snapshot where the journal has grown enough, or where the disk has refused something
  /// some time ago.
  func compactIfDue() {
    let time = now()
    let isDue = journal.withLock { journal in
      // A clock that went back a long way must not put it off.
      let mayRetry = time >= journal.retryAt || journal.retryAt - time > 3600
      let isLong = journal.bytes >= max(minimumJournalBytes, journal.snapshotBytes)
      return !journal.isCompacting && mayRetry && (journal.isBehind || isLong)
    }
    if isDue { compact() }
  }

  /// Writes the whole state to a new snapshot, unless that is going on already.
  ///
  /// Call it at shutdown where `isDurable` is false: it may be the last chance.
  public func compact() {
    let start = state.exclusively { () -> (LedgerContents, UInt64)? in
      let sequence = journal.withLock { journal -> UInt64? in
        guard !journal.isCompacting else { return nil }
        journal.isCompacting = true
        // What is recorded from now on goes to a journal that the snapshot leaves alone.
        closeFile(&journal)
        journal.bytesBeforeSnapshot = journal.bytes
        return journal.sequence
      }
      return sequence.map { (state.read(), $0) }
    }
    guard let (contents, sequence) = start else { return }
    do throws(FileError) {
      let size = try writeSnapshot(contents, sequence)
      journal.withLock { finish(&$0, sequence, size) }
    } catch {
      journal.withLock { journal in
        journal.isCompacting = false
        journal.retryAt = now() + 10
        if journal.isBehind {
          reportBehind(error)
        } else {
          faults.report(error, "the journal grows until a snapshot can be written", at: now())
        }
      }
    }
  }

  private func reportBehind(_ error: FileError) {
    faults.report(error, "counters go on in memory until it works again", at: now())
  }

  private func writeSnapshot(
    _ contents: LedgerContents,
    _ sequence: UInt64
  ) throws(FileError) -> Int {
    let path = folder.snapshot(sequence)
    let temporary = folder.temporary(path)
    do throws(FileError) {
      let descriptor = try files.create(temporary)
      defer { files.close(descriptor) }
      let size = try SnapshotFile.write(contents, covering: sequence) {
        (bytes) throws(FileError) in
        try files.write(bytes, to: descriptor, path: temporary)
      }
      try files.sync(descriptor, path: temporary)
      try files.rename(temporary, to: path)
      journal.withLock { _ = $0.snapshots.insert(sequence) }
      try files.syncFolder(folder.path)
      return size
    } catch {
      // On a full disk the half-written file would take the room that the next attempt needs.
      remove(temporary)
      throw error
    }
  }

  private func finish(_ journal: inout JournalState, _ sequence: UInt64, _ size: Int) {
    journal.isCompacting = false
    journal.snapshotBytes = size
    journal.bytes -= journal.bytesBeforeSnapshot
    for old in journal.snapshots where old < sequence {
      remove(folder.snapshot(old))
      journal.snapshots.remove(old)
    }
    for old in journal.journals where old <= sequence {
      remove(folder.journal(old))
      journal.journals.remove(old)
    }
    guard journal.isBehind else { return }
    if journal.sequence == sequence {
      journal.isBehind = false
      logger.info("storage works again; everything is on the disk", [("folder", folder.path)])
    } else {
      // More was recorded in memory meanwhile: the next record tries again.
      journal.retryAt = now()
    }
  }

  /// A file that stays behind takes room but is not read any more.
  private func remove(_ path: String) {
    do throws(FileError) {
      try files.remove(path)
    } catch {
      faults.report(error, "an old file stays until it can be removed", at: now())
    }
  }

  private func openJournal(
    _ journal: inout JournalState
  ) throws(FileError) -> JournalState.File {
    if let file = journal.file { return file }
    let path = folder.journal(journal.sequence)
    let descriptor = try files.create(path)
    journal.journals.insert(journal.sequence)
    do throws(FileError) {
      let header = FileHeader(version: JournalReplay.version, number: journal.sequence)
      try files.write(header.encoded(as: .journal), to: descriptor, path: path)
      try files.syncFolder(folder.path)
    } catch {
      files.close(descriptor)
      throw error
    }
    let file = JournalState.File(descriptor: descriptor, path: path)
    journal.file = file
    return file
  }

  private func closeFile(_ journal: inout JournalState) {
    guard let file = journal.file else { return }
    files.close(file.descriptor)
    journal.file = nil
  }
}

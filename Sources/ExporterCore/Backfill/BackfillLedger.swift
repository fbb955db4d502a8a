import Ledger
import Logging

#if canImport(Glibc)
private import Glibc
#endif

/// The ledger that the history's counters are to meet.
struct BackfillLedger: Sendable {
  /// What it holds; nil without a folder.
  let reading: LedgerReading?
  /// The folder, where no agent uses it; held until the backfill is over.
  let storage: LedgerStorage?

  /// Opens the folder, or only reads it where an agent uses it.
  ///
  /// - Parameters:
  ///   - folder: The value of `--storage.path`; empty for none.
  ///   - log: Told which of the two it is.
  /// - Throws: `StorageError`, `BackfillError` where the folder is another user's.
  init(_ folder: String, _ log: Logger) throws {
    guard !folder.isEmpty else {
      reading = nil
      storage = nil
      return
    }
    try BackfillLedger.checkOwner(folder)
    do {
      let storage = try LedgerStorage(folder: folder, logger: log)
      self.storage = storage
      reading = LedgerReading(storage)
      log.info("the ledger is not in use: new counters will go on from the history")
    } catch {
      // In use, or out of order; the latter shows when it is read.
      reading = try LedgerReading(folder: folder)
      storage = nil
      log.info(
        "the ledger is only read: the history ends where its counters begin",
        [("cause", error.description)]
      )
    }
  }

  /// Files of another user's would keep the agent from its own folder.
  private static func checkOwner(_ folder: String) throws(BackfillError) {
    var status = stat()
    guard unsafe stat(folder, &status) == 0, status.st_uid != geteuid() else { return }
    throw BackfillError(
      "the storage folder \(folder) belongs to the user with the id \(status.st_uid): give the "
        + "command as that user"
    )
  }
}

import CollectorKit
import Ledger
import Logging

/// The place on the disk of one budget.
struct StoredBudget: Sendable {
  let file: StateFile
  /// The run of the machine; nil where it is not known.
  let boot: String?
  let log: Logger

  /// The present moment on both clocks.
  func moment(_ time: any TimeSource) -> BudgetMoment {
    BudgetMoment(boot: boot, uptime: time.uptime, unixTime: time.unixTime)
  }

  /// What an earlier agent left; nil where there is nothing, or nothing that can be read.
  func load() -> BudgetRecord? {
    do throws(StorageError) {
      guard let bytes = try file.load() else { return nil }
      if let record = BudgetRecord(bytes) { return record }
      log.error("request budget not read: its file says nothing known", [("file", file.name)])
    } catch {
      log.error("request budget not read", [("cause", error.description)])
    }
    return nil
  }

  /// Keeps a record; a disk that refuses is counted and told by the storage itself.
  func save(_ record: BudgetRecord) {
    do throws(StorageError) {
      try file.save(record.bytes)
    } catch {
      log.debug("request budget not kept", [("cause", error.description)])
    }
  }
}

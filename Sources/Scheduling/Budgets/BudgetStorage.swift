import CollectorKit
public import Ledger
public import Logging

/// Keeps the budgets in the storage folder, so that a restart does not send what was sent already.
///
/// A budget is one small file, named by a digest of its credential and replaced before each request.
public struct BudgetStorage: Sendable {
  private let storage: LedgerStorage
  private let boot: String?
  private let log: Logger

  /// Budgets in a folder.
  ///
  /// - Parameters:
  ///   - storage: The folder.
  ///   - boot: The run of the machine (`/proc/sys/kernel/random/boot_id`), nil where it is not known.
  ///   - log: Told what cannot be read.
  public init(storage: LedgerStorage, boot: String?, log: Logger) {
    self.storage = storage
    self.boot = boot
    self.log = log
  }

  /// The place of one credential's budget.
  func budget(digest: String) -> StoredBudget {
    budget(named: BudgetStorage.prefix + digest)
  }

  private func budget(named name: String) -> StoredBudget {
    let file = storage.stateFile(named: name, version: BudgetRecord.version)
    return StoredBudget(file: file, boot: boot, log: log)
  }

  private static let prefix = "budget-"

  /// Removes the files of credentials that have sent nothing for longer than any window lasts.
  ///
  /// - Parameters:
  ///   - digests: The credentials in use.
  ///   - time: The clocks.
  func removeUnused(except digests: Set<String>, _ time: any TimeSource) {
    do throws(StorageError) {
      for name in try storage.stateNames() where name.hasPrefix(BudgetStorage.prefix) {
        guard !digests.contains(String(name.dropFirst(BudgetStorage.prefix.count))) else {
          continue
        }
        let budget = budget(named: name)
        let age = budget.load().map { budget.moment(time).seconds(since: $0.moment) } ?? .infinity
        if age > BudgetStorage.longestWindow { try budget.file.remove() }
      }
    } catch {
      log.warn("unused request budgets stay", [("cause", error.description)])
    }
  }

  /// No vendor counts over more than a month.
  private static let longestWindow = 31 * 86_400.0
}

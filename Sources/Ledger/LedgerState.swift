import Synchronization

/// The ledger's contents, behind two locks: readers never wait for whoever is writing to the disk.
final class LedgerState: Sendable {
  private let contents: Mutex<LedgerContents>
  private let writing = Mutex<Void>(())

  init(_ contents: LedgerContents = LedgerContents()) {
    self.contents = Mutex(contents)
  }

  /// The contents as they are shown; the value is a copy that nobody changes.
  func read() -> LedgerContents {
    contents.withLock { $0 }
  }

  /// One target's series as they are shown.
  func read(target: String) -> TargetLedger? {
    contents.withLock { $0.targets[target] }
  }

  /// Keeps other writers out from planning a change until it has been stored and applied.
  func exclusively<Result>(_ body: () throws -> sending Result) rethrows -> sending Result {
    try writing.withLock { _ in try body() }
  }

  /// Shows a change; only within `exclusively`.
  func apply(_ change: LedgerChange) -> Int {
    contents.withLock { $0.apply(change) }
  }
}

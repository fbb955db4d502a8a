import Exposition
import Ledger
import Synchronization
import TestSupport
import Testing

extension StorageTests {
  /// While a snapshot or a record is written, however long that takes, a scrape does not wait.
  @Suite struct CompactionTests {
    private let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
    }

    /// A ledger with one counted series, its storage and its files.
    private func make() throws -> (CounterLedger, LedgerStorage, MemoryFiles) {
      let files = MemoryFiles()
      let log = LogRecorder()
      let storage = try LedgerStorage(
        folder: folder.path,
        files: files,
        minimumJournalBytes: 1 << 20,
        logger: log.logger,
        now: { 0 }
      )
      let ledger = CounterLedger(storage: storage)
      CompactionTests.record(ledger, "a", 100)
      CompactionTests.record(ledger, "a", 130)
      return (ledger, storage, files)
    }

    private static func record(_ ledger: CounterLedger, _ target: String, _ value: Double) {
      let observation = LedgerHistory.observation(LedgerHistory.day(100), value)
      _ = ledger.record([observation], target: target, at: 100.5 * 86_400)
    }

    /// Within the write: a lock that is held there would end the process or this test.
    @Test func aSnapshotBlocksNeitherReadersNorRecords() throws {
      let (ledger, storage, files) = try make()
      let seen = Mutex<[Double]>([])
      let hasRecorded = Atomic(false)
      files.onWrite { path in
        guard path.hasSuffix(".snapshot.tmp") else { return }
        let total = ledger.families(target: "a").first?.samples.first?.value
        seen.withLock { $0.append(total ?? -1) }
        guard !hasRecorded.exchange(true, ordering: .relaxed) else { return }
        CompactionTests.record(ledger, "b", 7)
        CompactionTests.record(ledger, "b", 9)
      }
      storage.compact()
      files.onWrite(nil)
      #expect(seen.withLock { $0.count } > 2)
      #expect(seen.withLock { Set($0) } == [30])
      #expect(ledger.families(target: "b").first?.samples.first?.value == 2)
      #expect(storage.isDurable)
    }

    @Test func aRecordBlocksNoReader() throws {
      let (ledger, _, files) = try make()
      let seen = Mutex<[Double]>([])
      files.onWrite { path in
        let total = ledger.families(target: "a").first?.samples.first?.value
        seen.withLock { $0.append(total ?? -1) }
      }
      CompactionTests.record(ledger, "a", 150)
      files.onWrite(nil)
      // Not on the disk yet: not shown yet.
      #expect(seen.withLock { $0 } == [30])
      #expect(ledger.families(target: "a").first?.samples.first?.value == 50)
    }
  }
}

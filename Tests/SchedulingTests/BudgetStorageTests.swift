import CollectorKit
import Ledger
import TestSupport
import Testing

@testable import Scheduling

/// A restart does not give a credential its requests back.
@Suite struct BudgetStorageTests {
  private static let limits = [RateLimit(requests: 3, window: 3600)]

  /// One folder's budgets, over agents that come and go.
  private final class Folder {
    let files = MemoryFiles()
    let log = LogRecorder()
    let time = SimulatedTime(unixTime: 1_768_478_400, participants: 0)
    private let folder: TemporaryFolder
    /// The same object for all agents, for it holds the folder's lock; state files have no other state.
    let storage: LedgerStorage

    var path: String { folder.path }

    init() throws {
      folder = try TemporaryFolder()
      storage = try LedgerStorage(
        folder: folder.path,
        files: files,
        minimumJournalBytes: 1000,
        logger: log.logger,
        now: { 0 }
      )
    }

    /// The budget as a new agent finds it.
    func budget(
      limits: [RateLimit] = BudgetStorageTests.limits,
      time: SimulatedTime? = nil,
      boot: String? = "boot-1",
      digest: String = "d"
    ) -> RequestBudget {
      let clock = time ?? self.time
      let budgets = BudgetRegistry(
        time: clock,
        storage: BudgetStorage(storage: storage, boot: boot, log: log.logger)
      )
      defer { budgets.removeUnused() }
      return budgets.budget(credential: digest, vendor: "v", target: "t", limits: limits)
    }

    func crash() {
      var random = SplitMix64(seed: 1)
      files.crash(using: &random)
    }
  }

  private func remaining(_ budget: RequestBudget) -> Int? { budget.status.first?.remaining }

  @Test func whatWasSentIsKnownAfterACrash() async throws {
    let folder = try Folder()
    var budget = folder.budget()
    #expect(try await budget.enter(patience: 0) == nil)
    budget.leave()
    folder.time.advance(by: 600)
    #expect(try await budget.enter(patience: 0) == nil)
    // Killed while the second request is on its way.
    folder.crash()
    folder.time.advance(by: 60)
    budget = folder.budget()
    #expect(remaining(budget) == 1)
    // The first one's slot comes free an hour after its end, the second's after the restart.
    folder.time.advance(by: 3600 - 660 + 5)
    #expect(remaining(budget) == 2)
    folder.time.advance(by: 700)
    #expect(remaining(budget) == 3)
  }

  @Test func theVendorsPauseIsKnown() async throws {
    let folder = try Folder()
    folder.budget().block(seconds: 600)
    folder.crash()
    folder.time.advance(by: 100)
    let wait = try await folder.budget().enter(patience: 0)
    #expect(wait == 500)
    folder.time.advance(by: 501)
    #expect(try await folder.budget().enter(patience: 0) == nil)
  }

  @Test func aPauseOfAVendorWithoutLimitsIsKnown() async throws {
    let folder = try Folder()
    folder.budget(limits: []).block(seconds: 600)
    #expect(try await folder.budget(limits: []).enter(patience: 0) == 600)
  }

  @Test(
    "another run of the machine: the real-time clock counts, and one that went back counts nothing",
    arguments: [(1800.0, 1), (4000.0, 2), (-86_400.0, 1)]
  )
  func afterAReboot(_ passed: Double, _ expected: Int) async throws {
    let folder = try Folder()
    let budget = folder.budget()
    #expect(try await budget.enter(patience: 0) == nil)
    budget.leave()
    #expect(try await budget.enter(patience: 0) == nil)
    budget.leave()
    // What is kept says that the second one was still in flight.
    let later = SimulatedTime(unixTime: folder.time.unixTime + passed, participants: 0)
    let after = folder.budget(time: later, boot: "boot-2")
    #expect(remaining(after) == expected)
  }

  @Test func credentialsAreKeptApart() async throws {
    let folder = try Folder()
    let budget = folder.budget(digest: "one")
    #expect(try await budget.enter(patience: 0) == nil)
    #expect(remaining(folder.budget(digest: "two")) == 3)
    #expect(remaining(folder.budget(digest: "one")) == 2)
  }

  @Test func whatNobodyUsesGoesAfterAMonth() async throws {
    let folder = try Folder()
    let budget = folder.budget(digest: "old")
    #expect(try await budget.enter(patience: 0) == nil)
    _ = folder.budget(digest: "new")
    #expect(try folder.files.list(folder.path).contains("budget-old.state"))
    folder.time.advance(by: 32 * 86_400)
    _ = folder.budget(digest: "new")
    #expect(try !folder.files.list(folder.path).contains("budget-old.state"))
  }

  @Test(arguments: [
    "", "nonsense", "boot=b uptime=1 unix=2 blocked=0 inflight=-1 ages=",
    "boot=b uptime=nan unix=2 blocked=0 inflight=0 ages=",
    "boot=b uptime=1 unix=2 blocked=0 inflight=0 ages=1,x", "boot=b uptime=1 unix=2 blocked=0",
  ])
  func whatIsNoRecordIsRefused(_ text: String) {
    #expect(BudgetRecord(Array(text.utf8)) == nil)
  }

  @Test func aRecordIsReadAsItWasWritten() {
    let record = BudgetRecord(
      moment: BudgetMoment(boot: nil, uptime: 12.5, unixTime: 1_768_478_400.25),
      blocked: 7.5,
      inFlight: 2,
      ages: [3599.75, 0.5]
    )
    #expect(BudgetRecord(record.bytes) == record)
  }

  @Test func aRecordThatMeansNothingIsTold() throws {
    let folder = try Folder()
    try folder.storage.stateFile(named: "budget-d", version: 1).save(Array("nonsense".utf8))
    let stored = StoredBudget(
      file: folder.storage.stateFile(named: "budget-d", version: 1),
      boot: nil,
      log: folder.log.logger
    )
    #expect(stored.load() == nil)
    #expect(folder.log.lines.contains { $0.contains("request budget not read") })
  }
}

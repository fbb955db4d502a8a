import CLinux
import Exposition
import Glibc
import Ledger
import Logging
import TestSupport
import Testing

/// A real process that records and is killed at a random moment.
extension StorageTests {
  @Suite struct LedgerKillTests {
    /// The folder outlives the killed process, so that every one goes on where the last was stopped.
    @Test(.timeLimit(.minutes(3))) func whatWasAcknowledgedSurvivesKill() async throws {
      let fixture = try StorageFixture()
      let folder = fixture.folder
      var before = 0.0
      for round in 0..<50 {
        let microseconds = UInt32.random(in: 0...40_000)
        await #expect(processExitsWith: .signal(SIGKILL)) {
          [folder = folder as String, microseconds = microseconds as UInt32] in
          try LedgerKillTests.record(in: folder, killedAfter: microseconds)
        }
        let acknowledged = try fixture.read("acknowledged")
        let text = String(decoding: acknowledged, as: UTF8.self)
        let last = text.split(separator: "\n", omittingEmptySubsequences: true).last
        let confirmed = last.flatMap { Double($0) } ?? 0
        let ledger = CounterLedger(storage: try fixture.open())
        let total = ledger.families(target: "a").first?.samples.first?.value ?? 0
        // One more may be on the disk than the process lived to acknowledge.
        #expect(total == confirmed || total == confirmed + 1, "round \(round), \(microseconds) µs")
        #expect(total >= before)
        before = total
        try fixture.write([UInt8]("\(total)\n".utf8), "acknowledged")
      }
      #expect(before > 50)
    }

    /// Raises one total by one a poll, and acknowledges every counter that was shown.
    private static func record(in folder: String, killedAfter microseconds: UInt32) throws {
      let storage = try LedgerStorage(
        folder: folder,
        files: LinuxFiles(),
        minimumJournalBytes: 400,
        logger: Logger(level: .error, format: .logfmt),
        now: { 1000 }
      )
      let ledger = CounterLedger(storage: storage)
      let path = "\(folder)/acknowledged"
      let flags = O_WRONLY | O_CREAT | O_APPEND
      let descriptor = unsafe open(path, flags, 0o600)
      var thread = pthread_t()
      let delay = unsafe UnsafeMutableRawPointer(bitPattern: UInt(microseconds) + 1)
      let status = unsafe pthread_create(
        &thread,
        nil,
        { delay in
          usleep(UInt32(UInt(bitPattern: delay)))
          kill(getpid(), SIGKILL)
          return nil
        },
        delay
      )
      guard status == 0, descriptor >= 0 else { throw StorageTestFailure("cannot start") }
      func shown() -> Double? { ledger.families(target: "a").first?.samples.first?.value }
      // A fresh ledger takes the first total as its baseline: the counter is the total.
      var value = shown() ?? -1
      while true {
        value += 1
        let observation = LedgerHistory.observation(LedgerHistory.day(100), value)
        _ = ledger.record([observation], target: "a", at: 100.5 * 86_400)
        guard shown() == value else { exit(1) }
        try LinuxFiles().write([UInt8]("\(value)\n".utf8), to: descriptor, path: path)
      }
    }
  }
}

import Exposition
import Glibc
import Ledger
import Synchronization
import TestSupport
import Testing

extension StorageTests {
  @Suite struct LedgerStorageTests {
    /// One poll with a few series and days, chosen at random.
    private static func poll(_ ledger: CounterLedger, _ random: inout some RandomNumberGenerator) {
      let target = Bool.random(using: &random) ? "a" : "b"
      if Int.random(in: 0..<25, using: &random) == 0 {
        ledger.forget(target: target)
        return
      }
      let day = Int64.random(in: 100...140, using: &random)
      let observations = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        Observation(
          family: CounterFamily(
            name: ["x_total", "y_total"].randomElement(using: &random) ?? "",
            help: ["Old.", "New."].randomElement(using: &random) ?? ""
          ),
          labels: ["view": "\(Int.random(in: 0...3, using: &random))"],
          bucket: LedgerHistory.day(day - Int64.random(in: 0...2, using: &random)),
          value: Double(Int.random(in: 0...50, using: &random))
        )
      }
      _ = ledger.record(observations, target: target, at: (Double(day) + 0.5) * 86_400)
    }

    /// Restarts at random moments change nothing of what an undisturbed ledger shows.
    @Test(arguments: 0..<300) func restartsChangeNothing(_ round: Int) throws {
      let seed = UInt64.random(in: 0...UInt64.max)
      var random = SplitMix64(seed: seed)
      let fixture = try StorageFixture()
      let model = CounterLedger()
      for _ in 0..<6 {
        let limit = [200, 2000, 1 << 20].randomElement(using: &random) ?? 0
        let ledger = CounterLedger(storage: try fixture.open(minimumJournalBytes: limit))
        for _ in 0..<Int.random(in: 0...12, using: &random) {
          var twin = random
          LedgerStorageTests.poll(ledger, &random)
          LedgerStorageTests.poll(model, &twin)
        }
        #expect(StorageFixture.shown(ledger) == StorageFixture.shown(model), "seed \(seed)")
      }
      #expect(try fixture.reload() == StorageFixture.shown(model), "seed \(seed)")
      #expect(fixture.log.lines.isEmpty, "seed \(seed)")
    }

    /// The process ends at any of its calls to the system: what it acknowledged is there, once.
    @Test(arguments: 0..<60) func deathAtAnyCallLosesNothing(_ round: Int) throws {
      let seed = UInt64.random(in: 0...UInt64.max)
      for calls in stride(from: 1 + round % 3, to: 120, by: 3) {
        var random = SplitMix64(seed: seed)
        let fixture = try StorageFixture()
        let files = FaultyFiles(calls: calls)
        var acknowledged = StorageFixture.shown(CounterLedger())
        var attempted = acknowledged
        do {
          let storage = try fixture.open(files: files, minimumJournalBytes: 500)
          let ledger = CounterLedger(storage: storage)
          for _ in 0..<25 {
            LedgerStorageTests.poll(ledger, &random)
            attempted = StorageFixture.shown(ledger)
            if !storage.isDurable { break }
            acknowledged = attempted
          }
        }
        let reloaded = try fixture.reload()
        // A record whose fdatasync was refused may be there as a whole.
        #expect(reloaded == acknowledged || reloaded == attempted, "seed \(seed), call \(calls)")
      }
    }

    /// Every state that was shown, in order, and the files that were left.
    private static func history(
      compacting: Bool
    ) throws -> (states: [[String: [MetricFamily]]], files: [String: [UInt8]]) {
      let fixture = try StorageFixture()
      var random = SplitMix64(seed: 7)
      let storage = try fixture.open()
      let ledger = CounterLedger(storage: storage)
      var states = [StorageFixture.shown(ledger)]
      for step in 0..<14 {
        if compacting, step == 7 { storage.compact() }
        LedgerStorageTests.poll(ledger, &random)
        states.append(StorageFixture.shown(ledger))
      }
      return (states, try fixture.contents())
    }

    @Test func aJournalThatIsCutAnywhereKeepsWhatIsBefore() throws {
      let (states, files) = try LedgerStorageTests.history(compacting: true)
      let name = try #require(files.keys.first { $0.hasSuffix(".journal") })
      let bytes = try #require(files[name])
      let fixture = try StorageFixture()
      var before = 0
      for size in 0...bytes.count {
        var cut = files
        cut[name] = [UInt8](bytes.prefix(size))
        try fixture.restore(cut)
        let state = try fixture.reload()
        let position = try #require(states.lastIndex(of: state), "cut at \(size)")
        #expect(position >= before, "cut at \(size)")
        before = position
      }
      #expect(before == states.count - 1)
    }

    @Test func aFlippedByteAnywhereInTheJournalLeavesAPrefix() throws {
      let (states, files) = try LedgerStorageTests.history(compacting: true)
      let name = try #require(files.keys.first { $0.hasSuffix(".journal") })
      let bytes = try #require(files[name])
      let fixture = try StorageFixture()
      for index in bytes.indices {
        var flipped = files
        flipped[name]?[index] ^= 1 << UInt8(index % 8)
        try fixture.restore(flipped)
        let state = try fixture.reload()
        #expect(states.contains(state), "byte \(index)")
        #expect(fixture.names.contains { $0.contains(".damaged-1000") }, "byte \(index)")
        // What was kept is durable, and the damage is not met again.
        let lines = fixture.log.lines.count
        #expect(try fixture.reload() == state, "byte \(index)")
        #expect(fixture.log.lines.count == lines, "byte \(index)")
      }
    }

    /// A damaged snapshot costs whole targets, and never invents anything.
    @Test func aFlippedByteAnywhereInTheSnapshotCostsWholeTargets() throws {
      let (states, files) = try LedgerStorageTests.history(compacting: true)
      let name = try #require(files.keys.first { $0.hasSuffix(".snapshot") })
      let bytes = try #require(files[name])
      let last = try #require(states.last)
      let fixture = try StorageFixture()
      for index in bytes.indices {
        var flipped = files
        flipped[name]?[index] ^= 1 << UInt8(index % 8)
        try fixture.restore(flipped)
        for (target, families) in try fixture.reload() {
          #expect(families.isEmpty || families == last[target], "byte \(index)")
        }
        #expect(fixture.names.contains { $0.contains(".damaged-1000") }, "byte \(index)")
      }
    }

    @Test(arguments: ["journal", "snapshot"]) func aNewerVersionIsRefused(_ ending: String) throws {
      let fixture = try StorageFixture()
      let path = "ledger-0000000000000001.\(ending)"
      // The header as documented: magic, version 2, number 1, CRC-32 by Python's zlib.crc32.
      let magic = ending == "journal" ? "CXJOURNL" : "CXSNAPSH"
      var bytes = [UInt8](magic.utf8) + [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
      bytes += ending == "journal" ? [201, 11, 56, 232] : [86, 97, 95, 50]
      try fixture.write(bytes, path)
      let error = #expect(throws: StorageError.self) { _ = try fixture.open() }
      #expect(error?.description.contains("format version 2") == true)
      #expect(try fixture.read(path) == bytes)
    }

    @Test func aSecondAgentIsRefused() throws {
      let fixture = try StorageFixture()
      let storage = try fixture.open()
      let error = #expect(throws: StorageError.self) { _ = try fixture.open() }
      #expect(error?.description.contains(fixture.folder) == true)
      #expect(error?.description.contains("pid \(getpid())") == true)
      #expect(storage.errors == 0)
    }

    @Test(arguments: [ENOSPC, EIO, EROFS]) func aFullDiskStopsNothing(_ code: Int32) throws {
      let fixture = try StorageFixture()
      let files = FaultyFiles(code: code)
      let time = Mutex(1000.0)
      let stamp = { @Sendable in time.withLock { $0 } }
      func record(_ ledger: CounterLedger, _ value: Double) {
        let observation = LedgerHistory.observation(LedgerHistory.day(100), value)
        _ = ledger.record([observation], target: "a", at: 100.5 * 86_400)
      }
      func total(_ ledger: CounterLedger) -> Double? {
        ledger.families(target: "a").first?.samples.first?.value
      }
      do {
        let storage = try fixture.open(files: files, now: stamp)
        let ledger = CounterLedger(storage: storage)
        record(ledger, 10)
        record(ledger, 15)
        files.allow(0)
        for value in 16...40 {
          record(ledger, Double(value))
          #expect(total(ledger) == Double(value - 10))
          time.withLock { $0 += 2 }
        }
        #expect(!storage.isDurable)
        #expect(storage.errors > 1)
        #expect(fixture.log.lines.filter { $0.contains("storage failed") }.count == 1)
        // Nothing that was stored is lost meanwhile; the copy is what a new agent would find.
        let copy = try StorageFixture()
        try copy.restore(try fixture.contents())
        #expect(total(CounterLedger(storage: try copy.open())) == 5)

        files.allow(.max)
        time.withLock { $0 += 10 }
        record(ledger, 41)
        #expect(storage.isDurable)
        record(ledger, 42)
      }
      #expect(total(CounterLedger(storage: try fixture.open())) == 32)
    }

    @Test func removedTargetsAreKeptForAWhile() throws {
      let fixture = try StorageFixture()
      func within(_ body: (CounterLedger) -> Void) throws -> [Bool] {
        let ledger = CounterLedger(storage: try fixture.open())
        body(ledger)
        return ["a", "b"].map { !ledger.families(target: $0).isEmpty }
      }
      let both = try within { ledger in
        for target in ["a", "b"] {
          let observation = LedgerHistory.observation(LedgerHistory.day(100), 1)
          _ = ledger.record([observation], target: target, at: 100.5 * 86_400)
        }
        ledger.retain(targets: ["a"], removedAfter: 100, now: 1000)
      }
      #expect(both == [true, true])
      #expect(
        try within { $0.retain(targets: ["a"], removedAfter: 100, now: 1099) } == [true, true]
      )
      #expect(
        try within { $0.retain(targets: ["a", "b"], removedAfter: 100, now: 1100) } == [true, true]
      )
      #expect(
        try within { $0.retain(targets: ["a"], removedAfter: 100, now: 1200) } == [true, true]
      )
      #expect(
        try within { $0.retain(targets: ["a"], removedAfter: 100, now: 1300) } == [true, false]
      )
      #expect(try within { _ in } == [true, false])
    }

    @Test func stateFilesAreReplacedWhole() throws {
      let fixture = try StorageFixture()
      let files = FaultyFiles()
      do {
        let storage = try fixture.open(files: files)
        let file = storage.stateFile(named: "budgets", version: 2)
        #expect(try file.load() == nil)
        try file.save([1, 2, 3])
        for calls in 1...5 {
          files.allow(calls)
          #expect(throws: StorageError.self) { try file.save([4]) }
          files.allow(.max)
          let value = try file.load()
          #expect(value == [1, 2, 3] || (calls == 5 && value == [4]))
        }
        #expect(storage.errors == 5)
        #expect(throws: StorageError.self) {
          _ = try storage.stateFile(named: "budgets", version: 1).load()
        }
      }
      var bytes = try fixture.read("budgets.state")
      bytes[bytes.count - 1] ^= 1
      try fixture.write(bytes, "budgets.state")
      #expect(try fixture.open().stateFile(named: "budgets", version: 2).load() == nil)
      #expect(fixture.names.contains("budgets.state.damaged-1000"))
    }
  }
}

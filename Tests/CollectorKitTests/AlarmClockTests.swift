import CollectorKit
import Testing

/// The machine's own clock wakes every sleeper, not too early, and at once where it is cancelled.
@Suite struct AlarmClockTests {
  @Test func noSleeperWakesBeforeItsTime() async throws {
    let time = SystemTime()
    let spans = [0.12, 0.02, 0.07, 0, -1]
    let woken = try await withThrowingTaskGroup(of: Double.self) { group in
      for seconds in spans {
        group.addTask {
          let start = time.uptime
          try await time.sleep(seconds: seconds)
          #expect(time.uptime - start >= seconds)
          return seconds
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(woken.sorted() == spans.sorted())
  }

  @Test func aCancelledSleeperWakesAtOnce() async throws {
    let time = SystemTime()
    let start = time.uptime
    let sleepers = (0..<100).map { _ in Task { try await time.sleep(seconds: 3600) } }
    for sleeper in sleepers { sleeper.cancel() }
    for sleeper in sleepers {
      await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
    #expect(time.uptime - start < 60)
  }

  @Test func whoIsCancelledAlreadyDoesNotSleep() async {
    let sleeper = Task {
      unsafe withUnsafeCurrentTask { task in unsafe task?.cancel() }
      try await SystemTime().sleep(seconds: 3600)
    }
    await #expect(throws: CancellationError.self) { try await sleeper.value }
  }

  @Test func manySleepers() async throws {
    let time = SystemTime()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<1000 {
        group.addTask { try await time.sleep(seconds: Double(index % 50) / 1000) }
      }
      try await group.waitForAll()
    }
  }
}

import CollectorKit
import Testing

/// The machine's own clock wakes sleepers in time, and at once where they are cancelled.
@Suite struct AlarmClockTests {
  @Test func sleepersWakeInTheOrderOfTheirTimes() async throws {
    let time = SystemTime()
    let start = time.uptime
    let woken = try await withThrowingTaskGroup(of: Int.self) { group in
      for (index, seconds) in [0.12, 0.02, 0.07, 0, -1].enumerated() {
        group.addTask {
          try await time.sleep(seconds: seconds)
          #expect(time.uptime - start >= seconds)
          return index
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(woken.prefix(2)) == [3, 4])
    #expect(woken.suffix(3) == [1, 2, 0])
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

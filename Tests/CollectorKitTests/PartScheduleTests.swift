import TestSupport
import Testing

@testable import CollectorKit

/// Parts with an interval of their own, in a target that is polled every minute.
@Suite struct PartScheduleTests {
  /// The minutes at which a part of that interval is asked for, where the polls come so late.
  private func turns(
    every interval: Double,
    minutes: Int,
    late: (Int) -> Double = { _ in 0 },
    fails: (Int) -> Bool = { _ in false }
  ) async throws -> [Int] {
    let time = SimulatedTime(unixTime: 0, participants: 0)
    let schedule = PartSchedule(pollInterval: 60)
    let start = time.uptime
    var turns: [Int] = []
    for minute in 0..<minutes {
      time.advance(by: start + Double(minute) * 60 + late(minute) - time.uptime)
      var outcome = PollOutcome()
      try await outcome.part("card", every: interval, of: schedule, time) {
        turns.append(minute)
        if fails(minute) { throw CollectionError(.timeout, endpoint: "card", "late") }
        return PollOutcome.Values()
      }
      #expect(outcome.parts.map(\.key) == ["card"])
    }
    return turns
  }

  @Test func intervals() async throws {
    #expect(try await turns(every: 900, minutes: 40) == [0, 15, 30])
    #expect(try await turns(every: 30, minutes: 4) == [0, 1, 2, 3])
    #expect(try await turns(every: 60, minutes: 4) == [0, 1, 2, 3])
    // 90 s is every other poll and every one in turn.
    #expect(try await turns(every: 90, minutes: 10) == [0, 1, 3, 4, 6, 7, 9])
  }

  /// A poll that is some seconds early or late is still the part's poll.
  @Test func unevenPolls() async throws {
    #expect(
      try await turns(every: 300, minutes: 21) { Double([0, 7, -3, 12, -9][$0 % 5]) }
        == [0, 5, 10, 15, 20]
    )
  }

  @Test func failuresAreTriedAgainLaterAndLater() async throws {
    #expect(
      try await turns(every: 900, minutes: 50, fails: { $0 < 20 })
        == [0, 1, 3, 7, 15, 30, 45]
    )
  }

  /// The target is not up while a part's last request failed, even when it is not due.
  @Test func aFailureIsPending() async throws {
    let time = SimulatedTime(unixTime: 0, participants: 0)
    let schedule = PartSchedule(pollInterval: 60)
    let error = CollectionError(.vendorError, endpoint: "card", "no")
    func poll(_ work: () throws -> Void = {}) async throws -> PollOutcome {
      var outcome = PollOutcome()
      try await outcome.part("card", every: 900, of: schedule, time) {
        try work()
        return PollOutcome.Values()
      }
      return outcome
    }
    let failed = try await poll { throw error }
    #expect(failed.failure == error && failed.pending == nil)
    let waiting = try await poll()
    #expect(waiting.failure == nil && waiting.pending == error)
    time.advance(by: 60)
    let better = try await poll()
    #expect(better.failure == nil && better.pending == nil)
    let resting = try await poll()
    #expect(resting.pending == nil)
  }

  @Test func valuesCarryTheirInterval() async throws {
    let time = SimulatedTime(unixTime: 0, participants: 0)
    var outcome = PollOutcome()
    try await outcome.part("card", every: 900, of: PartSchedule(pollInterval: 60), time) {
      PollOutcome.Values()
    }
    guard case .success(let values) = outcome.parts.first?.outcome else {
      Issue.record("the part did not succeed")
      return
    }
    #expect(values.interval == 900)
  }
}

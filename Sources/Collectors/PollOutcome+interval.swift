import CollectorKit

extension PollOutcome {
  /// Runs a part with every poll, or where it is due by an interval of its own.
  mutating func part(
    _ key: String,
    every interval: Double?,
    of schedule: PartSchedule,
    _ time: any TimeSource,
    _ work: () async throws -> Values
  ) async throws {
    if let interval {
      try await part(key, every: interval, of: schedule, time, work)
    } else {
      try await part(key, work)
    }
  }
}

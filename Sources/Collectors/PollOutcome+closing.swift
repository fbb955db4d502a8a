import CollectorKit

extension PollOutcome {
  /// Runs a part, unless an earlier attempt has brought it.
  mutating func part(
    _ key: String,
    except done: Set<String>,
    _ work: () async throws -> Values
  ) async throws {
    if !done.contains(key) { try await part(key, work) }
  }
}

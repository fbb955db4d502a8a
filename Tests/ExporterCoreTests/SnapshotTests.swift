import CollectorKit
import Exposition
import Testing

@testable import Scheduling

/// What the polls leave: see `PollOutcome`.
@Suite struct SnapshotTests {
  private static func family(_ view: String, _ value: Double) -> MetricFamily {
    MetricFamily(
      name: "experia_period_sessions",
      type: .gauge,
      help: "Sessions.",
      samples: [Sample(labels: ["view": view], value: value)]
    )
  }

  /// A store with one target that is stale after 300 s.
  private static func store() -> SnapshotStore {
    let store = SnapshotStore()
    var settings = TargetSettings(name: "a", vendor: "experia", url: "http://a.test")
    settings.labels = ["brand": "acme"]
    let threshold = MetricFamily(
      name: "experia_sla_threshold_seconds",
      type: .gauge,
      help: "Threshold.",
      samples: [Sample(labels: ["sla": "response"], value: 30)]
    )
    store.add(settings, configured: [threshold])
    return store
  }

  /// The outcome of a poll: a value for what succeeded, nil for what failed.
  private static func outcome(_ parts: [(String, Double?)]) async throws -> PollOutcome {
    var outcome = PollOutcome()
    for (key, value) in parts {
      try await outcome.part(key) {
        guard let value else { throw CollectionError(.decode, endpoint: key, "damaged") }
        return PollOutcome.Values(families: [family(key, value)])
      }
    }
    return outcome
  }

  /// The views' values that are served at that time.
  private static func served(_ store: SnapshotStore, at uptime: Double) -> [String: Double] {
    var values: [String: Double] = [:]
    for family in store.read(at: uptime).groups.joined()
    where family.name == "experia_period_sessions" {
      for sample in family.samples { values[sample.labels["view"] ?? ""] = sample.value }
    }
    return values
  }

  @Test func labelsComeInTheirOrder() async throws {
    let store = SnapshotTests.store()
    store.update(
      "a",
      with: try await SnapshotTests.outcome([("x", 1)]),
      counters: [],
      at: 0
    )
    let labels = store.read(at: 0).groups.joined().map { $0.samples.map(\.labels) }
    #expect(
      labels == [
        [["target": "a", "sla": "response", "brand": "acme"]],
        [["target": "a", "view": "x", "brand": "acme"]],
      ]
    )
  }

  @Test func aFailedPartKeepsItsValuesUntilTheyAreStale() async throws {
    let store = SnapshotTests.store()
    let first = try await SnapshotTests.outcome([("x", 1), ("y", 2)])
    store.update("a", with: first, counters: [], at: 0)
    let second = try await SnapshotTests.outcome([("x", nil), ("y", 3)])
    store.update("a", with: second, counters: [], at: 200)
    #expect(SnapshotTests.served(store, at: 200) == ["x": 1, "y": 3])
    #expect(store.read(at: 200).validUntil == 300)
    #expect(SnapshotTests.served(store, at: 300) == ["x": 1, "y": 3])
    #expect(SnapshotTests.served(store, at: 300.5) == ["y": 3])
    #expect(store.read(at: 300.5).validUntil == 500)
    #expect(SnapshotTests.served(store, at: 501).isEmpty)
    // What follows from the configuration is never stale.
    #expect(store.seriesCount(of: "a", at: 501) == 1)
  }

  @Test func aPartThatIsNoLongerListedGoesAtOnce() async throws {
    let store = SnapshotTests.store()
    let first = try await SnapshotTests.outcome([("x", 1), ("y", 2)])
    store.update("a", with: first, counters: [], at: 0)
    let second = try await SnapshotTests.outcome([("y", 2)])
    store.update("a", with: second, counters: [], at: 60)
    #expect(SnapshotTests.served(store, at: 60) == ["y": 2])
  }

  /// A failure that ends the poll skips the rest; those keep their values as well.
  @Test func skippedPartsKeepTheirValues() async throws {
    let store = SnapshotTests.store()
    let first = try await SnapshotTests.outcome([("x", 1), ("y", 2)])
    store.update("a", with: first, counters: [], at: 0)
    var second = PollOutcome()
    var asked = 0
    for key in ["x", "y"] {
      try await second.part(key) {
        asked += 1
        throw CollectionError(.timeout, endpoint: key, "no answer")
      }
    }
    #expect(asked == 1)
    #expect(second.failure?.endpoint == "x")
    store.update("a", with: second, counters: [], at: 60)
    #expect(SnapshotTests.served(store, at: 60) == ["x": 1, "y": 2])
  }

  @Test func aPollThatAskedNothingKeepsEverything() async throws {
    let store = SnapshotTests.store()
    let first = try await SnapshotTests.outcome([("x", 1)])
    store.update("a", with: first, counters: [], at: 0)
    store.update("a", with: PollOutcome(), counters: [], at: 60)
    #expect(SnapshotTests.served(store, at: 60) == ["x": 1])
  }

  @Test func countersAreNeverStale() async throws {
    let store = SnapshotTests.store()
    let counter = MetricFamily(
      name: "experia_sessions_total",
      type: .counter,
      help: "Sessions.",
      samples: [Sample(labels: ["view": "x"], value: 7)]
    )
    store.update("a", with: PollOutcome(), counters: [counter], at: 0)
    let families = store.read(at: 1e9).groups.joined().filter { $0.type == .counter }
    #expect(families.map { $0.samples.map(\.value) } == [[7]])
    #expect(families[0].samples[0].labels["brand"] == "acme")
  }

  @Test func theGenerationChangesWithEveryUpdate() async throws {
    let store = SnapshotTests.store()
    let before = store.generation
    #expect(store.read(at: 0).generation == before)
    store.update("a", with: PollOutcome(), counters: [], at: 0)
    #expect(store.generation > before)
  }

  @Test func unknownTargetsAreNobodys() async throws {
    let store = SnapshotTests.store()
    let outcome = try await SnapshotTests.outcome([("x", 1)])
    store.update("nobody", with: outcome, counters: [], at: 0)
    #expect(SnapshotTests.served(store, at: 0).isEmpty)
    #expect(store.seriesCount(of: "nobody", at: 0) == 0)
    #expect(store.read(targets: ["nobody"], at: 0).groups.isEmpty)
    #expect(store.read(targets: [], at: 0).groups.isEmpty)
  }
}

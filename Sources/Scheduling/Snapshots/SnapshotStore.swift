import CollectorKit
public import Exposition
import Synchronization

/// What the polls left, ready to be served: one immutable entry a target, swapped whole.
public final class SnapshotStore: Sendable {
  /// The families to serve at one moment.
  public struct Reading: Sendable {
    /// Changes whenever the families do.
    public let generation: UInt64
    /// The families of every chosen target, group by group.
    public let groups: [[MetricFamily]]
    /// The `uptime` at which the first of these samples turns stale.
    public let validUntil: Double
  }

  private struct State {
    var order: [String] = []
    var entries: [String: TargetSnapshot] = [:]
    var generation: UInt64 = 0
  }

  /// The last day of the targets' key figures.
  public let history = FigureHistory()

  private let state = Mutex(State())

  /// A store without targets.
  public init() {}

  /// Changes whenever a poll leaves something new.
  public var generation: UInt64 {
    state.withLock { $0.generation }
  }

  /// Adds a target with the families that follow from its configuration, and its key figures.
  func add(
    _ settings: TargetSettings,
    configured: [MetricFamily],
    keyFigures: [KeyFigure] = [],
    histograms: [HistogramTotals] = []
  ) {
    state.withLock { state in
      if state.entries[settings.name] == nil { state.order.append(settings.name) }
      state.entries[settings.name] = TargetSnapshot(
        settings: settings,
        configured: configured,
        keyFigures: keyFigures,
        histograms: histograms
      )
      state.generation += 1
    }
    history.expectAnew(settings.name)
  }

  /// Drops every target that is not named, and takes the names' order.
  func keep(only names: [String]) {
    state.withLock { state in
      let wanted = Set(names)
      state.entries = state.entries.filter { wanted.contains($0.key) }
      state.order = names
      state.generation += 1
    }
    history.keep(only: names)
  }

  /// Takes a poll's outcome.
  ///
  /// - Parameters:
  ///   - target: The target's name.
  ///   - outcome: What the poll brought.
  ///   - counters: The target's counters as the ledger now has them.
  ///   - uptime: When the poll ended.
  func update(
    _ target: String,
    with outcome: PollOutcome,
    counters: [MetricFamily],
    at uptime: Double
  ) {
    let entry = state.withLock { state in
      state.entries[target]?.update(with: outcome, counters: counters, at: uptime)
      state.generation += 1
      return state.entries[target]
    }
    guard let entry else { return }
    for part in entry.parts(polledAt: uptime) {
      history.record(
        entry.keyFigures,
        of: target,
        in: part.families,
        at: uptime,
        staleAfter: part.staleAfter
      )
    }
  }

  /// Takes a target's counters as the ledger now has them.
  func renew(counters: [MetricFamily], of target: String) {
    state.withLock { state in
      state.entries[target]?.renew(counters: counters)
      state.generation += 1
    }
  }

  /// The families to serve.
  ///
  /// - Parameters:
  ///   - targets: Only these targets' families; nil for all.
  ///   - uptime: Decides which samples are stale.
  /// - Returns: The families, the generation they belong to and how long they stay so.
  public func read(targets: Set<String>? = nil, at uptime: Double) -> Reading {
    let (order, entries, generation) = state.withLock { ($0.order, $0.entries, $0.generation) }
    var groups: [[MetricFamily]] = []
    var validUntil = Double.infinity
    for name in order where targets?.contains(name) ?? true {
      guard let entry = entries[name] else { continue }
      groups += entry.groups(at: uptime)
      validUntil = min(validUntil, entry.firstExpiry(after: uptime))
    }
    return Reading(generation: generation, groups: groups, validUntil: validUntil)
  }

  /// A target's vendor families that are not stale, and when the first of them will be.
  ///
  /// - Returns: The gauges and histograms of the polls alone, with the target's own labels, and the
  ///   `uptime` at which the first turns stale; infinity where there are none.
  public func polled(_ target: String, at uptime: Double) -> (
    families: [MetricFamily], validUntil: Double
  ) {
    guard let entry = state.withLock({ $0.entries[target] }) else { return ([], .infinity) }
    return (entry.freshFamilies(at: uptime), entry.firstExpiry(after: uptime))
  }

  /// Whether a part of the target's is too old to be served.
  func isStale(_ target: String, at uptime: Double) -> Bool {
    state.withLock { $0.entries[target] }?.isStale(at: uptime) ?? false
  }

  /// How many series a target has at that time.
  public func seriesCount(of target: String, at uptime: Double) -> Int {
    guard let entry = state.withLock({ $0.entries[target] }) else { return 0 }
    return entry.groups(at: uptime).reduce(0) { sum, group in
      sum + group.reduce(0) { $0 + $1.seriesCount }
    }
  }
}

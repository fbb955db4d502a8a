import CollectorKit
import Exposition

/// One target's families, with its own labels, and when each part was polled.
struct TargetSnapshot: Sendable {
  private struct Part: Sendable {
    let key: String
    let families: [MetricFamily]
    let polled: Double
    /// How old the part may grow: the target's `stale_after`, or three of the part's own intervals.
    let staleAfter: Double

    /// The last moment at which the part is served.
    var expiry: Double { polled + staleAfter }

    /// The one rule of what is stale.
    func isFresh(at uptime: Double) -> Bool { uptime <= expiry }
  }

  private let target: LabelSet
  private let labels: LabelSet
  private let staleAfter: Double
  private let configured: [MetricFamily]
  /// What the history keeps of the families.
  let keyFigures: [KeyFigure]
  private let histograms: [HistogramTotals]
  private var counters: [MetricFamily] = []
  private var parts: [Part] = []

  init(
    settings: TargetSettings,
    configured: [MetricFamily],
    keyFigures: [KeyFigure] = [],
    histograms: [HistogramTotals] = []
  ) {
    self.keyFigures = keyFigures
    self.histograms = histograms
    let target: LabelSet = ["target": settings.name]
    let labels = settings.labels
    self.target = target
    self.labels = labels
    staleAfter = settings.staleAfter
    self.configured = configured.map { TargetSnapshot.labelled($0, target, labels) }
  }

  /// Renews the parts that succeeded, keeps those that did not, drops those no longer listed.
  mutating func update(with outcome: PollOutcome, counters: [MetricFamily], at uptime: Double) {
    renew(counters: counters)
    guard !outcome.parts.isEmpty else { return }
    var renewed: [Part] = []
    renewed.reserveCapacity(outcome.parts.count)
    for (key, part) in outcome.parts {
      if case .success(let values) = part {
        renewed.append(
          Part(
            key: key,
            families: values.families.map(labelled),
            polled: uptime,
            staleAfter: max(staleAfter, 3 * (values.interval ?? 0))
          )
        )
      } else if let known = parts.first(where: { $0.key == key }) {
        renewed.append(known)
      }
    }
    parts = renewed
  }

  /// Takes the counters as the ledger now has them, and puts the histograms among them together.
  mutating func renew(counters: [MetricFamily]) {
    self.counters = HistogramTotals.assemble(counters, histograms).map(labelled)
  }

  /// The families that are not stale; configured ones and counters never are.
  func groups(at uptime: Double) -> [[MetricFamily]] {
    [configured] + fresh(at: uptime).map(\.families) + [counters]
  }

  /// The polled families that are not stale.
  func freshFamilies(at uptime: Double) -> [MetricFamily] {
    fresh(at: uptime).flatMap(\.families)
  }

  /// What the poll which ended at that time brought, part by part, with how old it may grow.
  func parts(polledAt uptime: Double) -> [(families: [MetricFamily], staleAfter: Double)] {
    parts.filter { $0.polled == uptime }.map { ($0.families, $0.staleAfter) }
  }

  /// When the next of the families that are served turns stale.
  func firstExpiry(after uptime: Double) -> Double {
    fresh(at: uptime).map(\.expiry).min() ?? .infinity
  }

  /// Whether a part is too old to be served.
  func isStale(at uptime: Double) -> Bool {
    !parts.allSatisfy { $0.isFresh(at: uptime) }
  }

  /// The parts that are served; one may have brought totals for the counters alone.
  private func fresh(at uptime: Double) -> [Part] {
    parts.filter { !$0.families.isEmpty && $0.isFresh(at: uptime) }
  }

  /// The family with `target` before the vendor's labels and the static ones behind.
  private static func labelled(
    _ family: MetricFamily,
    _ target: LabelSet,
    _ labels: LabelSet
  ) -> MetricFamily {
    var copy = family
    for index in copy.samples.indices {
      copy.samples[index].labels = labelled(copy.samples[index].labels, target, labels)
    }
    for index in copy.histograms.indices {
      copy.histograms[index].labels = labelled(copy.histograms[index].labels, target, labels)
    }
    return copy
  }

  /// A row mapping may have a label that is a static one of another target, and so empty on this one.
  private static func labelled(
    _ own: LabelSet,
    _ target: LabelSet,
    _ labels: LabelSet
  ) -> LabelSet {
    let given = target.adding(own)
    guard labels.labels.contains(where: { given[$0.name] != nil }) else {
      return given.adding(labels)
    }
    return given.adding(LabelSet(labels.labels.filter { given[$0.name] == nil }))
  }

  private func labelled(_ family: MetricFamily) -> MetricFamily {
    TargetSnapshot.labelled(family, target, labels)
  }
}

import CollectorKit
import Exposition

/// One target's families, with its own labels, and when each part was polled.
struct TargetSnapshot: Sendable {
  private struct Part: Sendable {
    let key: String
    let families: [MetricFamily]
    let polled: Double
  }

  private let target: LabelSet
  private let labels: LabelSet
  private let staleAfter: Double
  private let configured: [MetricFamily]
  /// What the history keeps of the families.
  let keyFigures: [KeyFigure]
  private var counters: [MetricFamily] = []
  private var parts: [Part] = []

  init(
    settings: TargetSettings,
    configured: [MetricFamily],
    keyFigures: [KeyFigure] = []
  ) {
    self.keyFigures = keyFigures
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
          Part(key: key, families: values.families.map(labelled), polled: uptime)
        )
      } else if let known = parts.first(where: { $0.key == key }) {
        renewed.append(known)
      }
    }
    parts = renewed
  }

  /// Takes the counters as the ledger now has them.
  mutating func renew(counters: [MetricFamily]) {
    self.counters = counters.map(labelled)
  }

  /// The families that are not stale; configured ones and counters never are.
  func groups(at uptime: Double) -> [[MetricFamily]] {
    let fresh = parts.filter { uptime - $0.polled <= staleAfter }
    return [configured] + fresh.map(\.families) + [counters]
  }

  /// The polled families that are not stale.
  func freshFamilies(at uptime: Double) -> [MetricFamily] {
    parts.filter { uptime - $0.polled <= staleAfter }.flatMap(\.families)
  }

  /// The families that the poll which ended at that time brought.
  func families(polledAt uptime: Double) -> [MetricFamily] {
    parts.filter { $0.polled == uptime }.flatMap(\.families)
  }

  /// When the next part turns stale.
  func firstExpiry(after uptime: Double) -> Double {
    parts.map { $0.polled + staleAfter }.filter { $0 >= uptime }.min() ?? .infinity
  }

  /// The family with `target` before the vendor's labels and the static ones behind.
  private static func labelled(
    _ family: MetricFamily,
    _ target: LabelSet,
    _ labels: LabelSet
  ) -> MetricFamily {
    var copy = family
    for index in copy.samples.indices {
      copy.samples[index].labels = target.adding(copy.samples[index].labels).adding(labels)
    }
    for index in copy.histograms.indices {
      copy.histograms[index].labels = target.adding(copy.histograms[index].labels).adding(labels)
    }
    return copy
  }

  private func labelled(_ family: MetricFamily) -> MetricFamily {
    TargetSnapshot.labelled(family, target, labels)
  }
}

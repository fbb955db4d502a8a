import Exposition

/// The series of one family of one target.
struct FamilyLedger: Sendable {
  let name: String
  var help: String
  private(set) var labels: [LabelSet] = []
  var states: [CounterSeries] = []
  private var positions: [SeriesKey: Int] = [:]

  init(name: String, help: String) {
    self.name = name
    self.help = help
  }

  var metricFamily: MetricFamily {
    MetricFamily(
      name: name,
      type: .counter,
      help: help,
      samples: zip(labels, states).map { labels, state in
        Sample(labels: labels, value: state.total, created: state.created)
      }
    )
  }

  /// Where the series is, nil where it was never seen.
  func position(of key: SeriesKey) -> Int? { positions[key] }

  /// Adds a series that is not there yet.
  mutating func append(_ labels: LabelSet, _ state: CounterSeries) {
    positions[SeriesKey(labels)] = states.count
    self.labels.append(labels)
    states.append(state)
  }

  /// Makes room for so many series at once.
  mutating func reserveCapacity(_ count: Int) {
    positions.reserveCapacity(count)
    labels.reserveCapacity(count)
    states.reserveCapacity(count)
  }
}

import CollectorKit
import Exposition
import Ledger

/// Writes what the log holds as one OpenMetrics exposition: families by name, series by series, each
/// ascending in time.
struct HistoryOutput {
  /// What a target's series need beside what the log has.
  struct Target: Sendable {
    /// Static labels, and those of the command line behind them.
    let labels: LabelSet
    /// When the history's last day ended, in Unix seconds.
    let end: Int64
    /// Whether the ledger is to learn the target's counters.
    let isPlanted: Bool
  }

  /// What came of it.
  struct Result {
    var samples = 0
    var series = 0
    /// What could not stand in one exposition and was left out.
    var problems: [String] = []
    /// Counters of which the ledger says that they began before the history does.
    var knownSeries = 0
    var seeds: [String: LedgerSeed] = [:]
  }

  /// The targets by name, and their order.
  let targets: [String: Target]
  let order: [String]
  let ledger: LedgerReading?
  /// The last second that may be written.
  let latest: Int64

  /// A series with its place in the output.
  private struct Place {
    let number: Int
    let text: [UInt8]
    /// The family whose metadata stands before it.
    let family: Int
  }

  /// Writes everything behind each other and ends with `# EOF`.
  ///
  /// - Parameters:
  ///   - log: The answers.
  ///   - sorter: Takes the records; empty.
  ///   - file: Where to write; flushed at the end.
  /// - Returns: What was written, and what the ledger is to learn of it.
  /// - Throws: `BackfillError`; `CancellationError` where the task was cancelled.
  func write(_ log: HistoryLog, _ sorter: HistorySorter, to file: BackfillFile) throws -> Result {
    var result = Result()
    let catalog = log.catalog
    let families = merged(catalog, &result)
    var places: [Place] = []
    var ranks = [UInt32?](repeating: nil, count: catalog.series.count)
    for (index, family) in families.enumerated() {
      for sample in family.samples {
        let number = Int(sample.value)
        ranks[number] = UInt32(truncatingIfNeeded: places.count)
        places.append(
          Place(
            number: number,
            text: HistoryEncoder.series(family.name, sample.labels),
            family: index
          )
        )
      }
    }
    try log.forEachRecord { record throws(BackfillError) in
      guard let rank = ranks[Int(record.series)] else { return }
      var record = record
      record.series = rank
      try sorter.add(record)
    }
    try Task.checkCancellation()
    var writer = Writer(output: self, catalog: catalog, families: families, places: places)
    var isCancelled = false
    try sorter.merged { record throws(BackfillError) in
      // Millions of records take their time, and whoever waits may lose patience.
      guard !isCancelled else { return }
      try writer.take(record, file, &result)
      isCancelled = result.samples % 4096 == 0 && Task.isCancelled
    }
    try Task.checkCancellation()
    try writer.endSeries(file, &result)
    var end: [UInt8] = []
    ExpositionEncoder(format: .openMetrics).encodeEnd(into: &end)
    try file.append(end)
    try file.flush()
    return result
  }

  /// The families as `/metrics` would have them, the value of each sample being its series' number:
  /// what cannot stand beside what came before it is left out there as well.
  private func merged(_ catalog: HistoryCatalog, _ result: inout Result) -> [MetricFamily] {
    var families = catalog.families.map { family in
      MetricFamily(name: family.name, type: family.isCounter ? .counter : .gauge, help: family.help)
    }
    let ranks = Dictionary(
      order.enumerated().map { ($0.element, $0.offset) },
      uniquingKeysWith: { first, _ in first }
    )
    let sorted = catalog.series.enumerated()
      .map { number, one in (number, one, ranks[one.target] ?? .max, one.labels.labels) }
      .sorted { left, right in
        if left.2 != right.2 { return left.2 < right.2 }
        return left.3.lexicographicallyPrecedes(right.3) {
          ($0.name, $0.value) < ($1.name, $1.value)
        }
      }
    for (number, one, _, _) in sorted {
      guard let target = targets[one.target] else { continue }
      let labels = LabelSet([Label(name: "target", value: one.target)] + one.labels.labels)
      families[one.family].samples.append(
        Sample(labels: labels.adding(target.labels), value: Double(number))
      )
    }
    families.sort { ($0.name, $0.help) < ($1.name, $1.help) }
    var problems = ExpositionValidator().problems(in: families)
    let wrong = Set(problems.map(\.family))
    let merged = FamilyMerger.merge(
      [families.filter { !wrong.contains($0.name) }],
      problems: &problems
    )
    result.problems = problems.map(\.description)
    return merged
  }

  /// Takes the records in their order and writes them.
  private struct Writer {
    let output: HistoryOutput
    let catalog: HistoryCatalog
    let families: [MetricFamily]
    let places: [Place]
    private var current: UInt32?
    private var counter: HistoryCounter?
    private var isPlanted = false
    private var family: Int?
    private var hasSamples = false
    private var lastTime = Int64.min
    private var bytes: [UInt8] = []

    init(
      output: HistoryOutput,
      catalog: HistoryCatalog,
      families: [MetricFamily],
      places: [Place]
    ) {
      self.output = output
      self.catalog = catalog
      self.families = families
      self.places = places
    }

    mutating func take(
      _ record: HistoryRecord,
      _ file: BackfillFile,
      _ result: inout Result
    ) throws(BackfillError) {
      if record.series != current {
        try endSeries(file, &result)
        current = record.series
        begin(record, &result)
      }
      guard var counter else {
        try write(HistoryCounter.Point(time: record.end, value: record.value), file, &result)
        return
      }
      for point in counter.add(from: record.start, to: record.end, record.value) {
        try write(point, file, &result)
      }
      self.counter = counter
      if isPlanted {
        let name = catalog.series[places[Int(record.series)].number].target
        result.seeds[name]?.add(from: record.start, to: record.end, record.value)
      }
    }

    private mutating func begin(_ record: HistoryRecord, _ result: inout Result) {
      let series = catalog.series[places[Int(record.series)].number]
      let family = catalog.families[series.family]
      lastTime = .min
      hasSamples = false
      isPlanted = false
      guard family.isCounter else {
        counter = nil
        return
      }
      let start = output.ledger?.start(of: family.name, series.labels, target: series.target)
      counter = HistoryCounter(start: start)
      if let target = output.targets[series.target], target.isPlanted, start == nil {
        isPlanted = true
        result.seeds[series.target, default: LedgerSeed(end: target.end)].begin(
          CounterFamily(name: family.name, help: family.help),
          series.labels,
          at: record.start
        )
      }
    }

    /// Writes what a counter ends with.
    mutating func endSeries(
      _ file: BackfillFile,
      _ result: inout Result
    ) throws(BackfillError) {
      guard let counter else { return }
      if let point = counter.end(noLaterThan: output.latest) { try write(point, file, &result) }
      if counter.isEmpty { result.knownSeries += 1 }
      self.counter = nil
    }

    private mutating func write(
      _ point: HistoryCounter.Point,
      _ file: BackfillFile,
      _ result: inout Result
    ) throws(BackfillError) {
      // Prometheus takes no two samples of a series at one time.
      guard let current, point.time > lastTime, point.time <= output.latest else { return }
      let place = places[Int(current)]
      bytes.removeAll(keepingCapacity: true)
      if family != place.family {
        family = place.family
        HistoryEncoder.encodeMetadata(of: families[place.family], into: &bytes)
      }
      HistoryEncoder.encode(place.text, point.value, at: point.time, into: &bytes)
      try file.append(bytes)
      lastTime = point.time
      result.samples += 1
      if !hasSamples { result.series += 1 }
      hasSamples = true
    }
  }
}

import Exposition

/// The series of one target, in memory.
struct TargetLedger: Sendable {
  private var positions: [String: Int] = [:]
  private var families: [FamilyLedger] = []

  /// How many series there are.
  var seriesCount: Int { families.reduce(0) { $0 + $1.series.count } }

  /// Takes one batch.
  ///
  /// The batch is put in order first (by series, then by bucket), so that the order in which a
  /// collector lists its observations decides nothing. A bucket that is there twice counts once,
  /// with its higher total.
  mutating func record(
    _ observations: [Observation],
    at unixTime: Double,
    horizon: Double
  ) -> RecordResult {
    var result = RecordResult()
    var entries: [Entry] = []
    entries.reserveCapacity(observations.count)
    for observation in observations {
      guard observation.value.isFinite, observation.value >= 0, unixTime.isFinite,
        let bucket = PackedBucket(observation.bucket)
      else {
        result.rejected += 1
        continue
      }
      let family = position(of: observation.family)
      let series = families[family].position(of: observation.labels, createdAt: unixTime)
      let reading = Reading(bucket: bucket, value: observation.value)
      entries.append(Entry(family: family, series: series, reading: reading))
    }
    entries.sort { $0 < $1 }

    var readings: [Reading] = []
    for (index, entry) in entries.enumerated() {
      let next = index + 1 < entries.count ? entries[index + 1] : nil
      let isSameSeries = next?.family == entry.family && next?.series == entry.series
      if isSameSeries, next?.reading.bucket == entry.reading.bucket { continue }
      readings.append(entry.reading)
      if !isSameSeries {
        result.corrections += families[entry.family].series[entry.series].state
          .record(readings[...], horizon: horizon)
        readings.removeAll(keepingCapacity: true)
      }
    }
    return result
  }

  /// The counters, sorted by family name; series in the order in which they came up.
  func metricFamilies() -> [MetricFamily] {
    families.map(\.metricFamily).sorted { $0.name < $1.name }
  }

  private mutating func position(of family: CounterFamily) -> Int {
    if let position = positions[family.name] {
      families[position].help = family.help
      return position
    }
    positions[family.name] = families.count
    families.append(FamilyLedger(name: family.name, help: family.help))
    return families.count - 1
  }
}

/// An observation whose series is known; ascending by series, bucket and value.
private struct Entry: Comparable {
  let family: Int
  let series: Int
  let reading: Reading

  static func < (left: Entry, right: Entry) -> Bool {
    if left.family != right.family { return left.family < right.family }
    if left.series != right.series { return left.series < right.series }
    if left.reading.bucket != right.reading.bucket {
      return left.reading.bucket < right.reading.bucket
    }
    return left.reading.value < right.reading.value
  }
}

/// The series of one family of one target.
private struct FamilyLedger: Sendable {
  let name: String
  var help: String
  var series: [(labels: LabelSet, state: CounterSeries)] = []
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
      samples: series.map {
        Sample(labels: $0.labels, value: $0.state.total, created: $0.state.created)
      }
    )
  }

  mutating func position(of labels: LabelSet, createdAt unixTime: Double) -> Int {
    let key = SeriesKey(labels)
    if let position = positions[key] { return position }
    positions[key] = series.count
    series.append((labels, CounterSeries(created: unixTime)))
    return series.count - 1
  }
}

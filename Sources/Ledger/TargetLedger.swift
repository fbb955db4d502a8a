import Exposition

/// The series of one target, in memory.
struct TargetLedger: Sendable {
  private(set) var families: [FamilyLedger] = []
  private var positions: [String: Int] = [:]
  /// The Unix time at which the target was found to have left the configuration.
  var removedAt: Double?
  /// The Unix time up to which every bucket has its last total; nil where nobody has said so.
  var closedThrough: Int64?
  /// The horizon of the last batch; nil before the first one.
  var lastHorizon: Double?

  /// How many series there are.
  var seriesCount: Int { families.reduce(0) { $0 + $1.states.count } }

  /// The counters, sorted by family name; series in the order in which they came up.
  func metricFamilies() -> [MetricFamily] {
    families.map(\.metricFamily).sorted { $0.name < $1.name }
  }

  /// What a batch would change, and which of its observations cannot be.
  ///
  /// The batch is put in order (by series, then by bucket), so that the order in which a collector
  /// lists its observations decides nothing. A bucket that is there twice counts once, with its
  /// higher total. Totals that are known already are left out: most polls repeat most of them.
  func plan(
    _ observations: [Observation],
    at unixTime: Double,
    retention: Double
  ) -> (batch: SeriesBatch, result: RecordResult) {
    let horizon = horizon(at: unixTime, retention: retention)
    var names = PlannedNames(self)
    var batch = SeriesBatch(unixTime: unixTime, horizon: horizon)
    var result = RecordResult()
    var entries: [PlannedReading] = []
    entries.reserveCapacity(observations.count)
    for observation in observations {
      guard observation.value.isFinite, observation.value >= 0, unixTime.isFinite,
        let bucket = PackedBucket(observation.bucket)
      else {
        if result.rejected == 0 {
          result.firstRejected = "\(observation.family.name): a total of \(observation.value)"
        }
        result.rejected += 1
        continue
      }
      let family = names.position(of: observation.family)
      let series = names.position(of: observation.labels, family: family)
      let reading = Reading(bucket: bucket, value: observation.value)
      if observation.mayBeOld,
        state(family: family, series: series)?.holds(reading, at: unixTime) == true
      {
        continue
      }
      entries.append(PlannedReading(family: family, series: series, reading: reading))
    }
    entries.sort { $0 < $1 }
    batch.families = names.changedFamilies
    batch.series = names.newSeries

    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].isSameSeries(as: entries[start]) { end += 1 }
      let entry = entries[start]
      let known = state(family: entry.family, series: entry.series)
      var count = 0
      for index in start..<end {
        let reading = entries[index].reading
        if index + 1 < end, entries[index + 1].reading.bucket == reading.bucket { continue }
        if known?.ignores(reading, horizon: horizon) == true { continue }
        batch.readings.append(reading)
        count += 1
      }
      if count > 0 || known?.mustDrop(before: horizon) == true {
        batch.entries.append(
          SeriesBatch.Entry(family: entry.family, series: entry.series, count: count)
        )
      }
      start = end
    }
    return (batch, result)
  }

  /// Whether the batch was planned for a ledger with these families and series.
  func fits(_ batch: SeriesBatch) -> Bool {
    var counts = families.map(\.states.count)
    for family in batch.families {
      if family.isNew {
        guard family.position == counts.count, positions[family.name] == nil else { return false }
        counts.append(0)
      } else {
        guard families.indices.contains(family.position),
          families[family.position].name == family.name
        else { return false }
      }
    }
    for series in batch.series {
      guard counts.indices.contains(series.family), counts[series.family] == series.position else {
        return false
      }
      if families.indices.contains(series.family),
        families[series.family].position(of: SeriesKey(series.labels)) != nil
      {
        return false
      }
      counts[series.family] += 1
    }
    var start = 0
    for entry in batch.entries {
      guard counts.indices.contains(entry.family),
        (0..<counts[entry.family]).contains(entry.series),
        (0...batch.readings.count - start).contains(entry.count)
      else { return false }
      // A series with buckets out of order could be written to a snapshot, but not read again.
      let readings = batch.readings[start..<start + entry.count]
      guard zip(readings, readings.dropFirst()).allSatisfy({ $0.bucket < $1.bucket }) else {
        return false
      }
      start += entry.count
    }
    return start == batch.readings.count
  }

  /// Applies a batch that fits.
  ///
  /// - Returns: How many buckets have a lower total than when they were last seen.
  mutating func apply(_ batch: SeriesBatch) -> Int {
    lastHorizon = batch.horizon
    for family in batch.families {
      if family.position < families.count {
        families[family.position].help = family.help
      } else {
        append(FamilyLedger(name: family.name, help: family.help))
      }
    }
    for series in batch.series {
      families[series.family].append(series.labels, CounterSeries(created: batch.unixTime))
    }
    var corrections = 0
    var start = 0
    for entry in batch.entries {
      let readings = batch.readings[start..<start + entry.count]
      corrections += families[entry.family].states[entry.series]
        .record(readings, horizon: batch.horizon)
      start += entry.count
    }
    return corrections
  }

  /// Adds a family that is not there yet.
  mutating func append(_ family: FamilyLedger) {
    positions[family.name] = families.count
    families.append(family)
  }

  /// Adds a series to the family that came last, as a snapshot lists them.
  mutating func appendToLastFamily(_ labels: LabelSet, _ state: CounterSeries) {
    families[families.count - 1].append(labels, state)
  }

  /// The Unix time before which an ended bucket is dropped by a batch at that time.
  ///
  /// It follows the clock by at most a day a batch, so that a clock that is far ahead for a few polls
  /// does not drop the days that are really running.
  func horizon(at unixTime: Double, retention: Double) -> Double {
    let wanted = unixTime - retention
    return lastHorizon.map { min(wanted, $0 + 86_400) } ?? wanted
  }

  /// Where the family is, nil where it was never seen.
  func position(ofFamily name: String) -> Int? { positions[name] }

  private func state(family: Int, series: Int) -> CounterSeries? {
    guard family < families.count, series < families[family].states.count else { return nil }
    return families[family].states[series]
  }
}

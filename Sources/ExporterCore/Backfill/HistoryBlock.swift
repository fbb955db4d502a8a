import CollectorKit
import Exposition
import Ledger

/// One answer as it stands in the log.
struct HistoryBlock {
  let target: String
  let part: String
  private(set) var records: [HistoryRecord] = []
  private var families: [HistoryCatalog.Family] = []
  private var series: [HistoryCatalog.Series] = []

  init(target: String, part: String) {
    self.target = target
    self.part = part
  }

  /// Takes an answer's values, and adds to the catalog what is new in them.
  mutating func add(_ values: HistoryValues, _ catalog: inout HistoryCatalog) {
    for gauges in values.gauges {
      for family in gauges.families {
        for sample in family.samples where sample.value.isFinite {
          let family = HistoryCatalog.Family(
            name: family.name,
            help: family.help,
            isCounter: false
          )
          add(family, sample.labels, gauges.time, gauges.time, sample.value, &catalog)
        }
      }
    }
    // As the ledger does: a total that cannot be is no total.
    for total in values.observations
    where total.value.isFinite && total.value >= 0 && total.bucket.start < total.bucket.end {
      let family = HistoryCatalog.Family(
        name: total.family.name,
        help: total.family.help,
        isCounter: true
      )
      add(family, total.labels, total.bucket.start, total.bucket.end, total.value, &catalog)
    }
  }

  private mutating func add(
    _ family: HistoryCatalog.Family,
    _ labels: LabelSet,
    _ start: Int64,
    _ end: Int64,
    _ value: Double,
    _ catalog: inout HistoryCatalog
  ) {
    let newFamily = catalog.families.count
    let familyNumber = catalog.number(of: family)
    if familyNumber == newFamily { families.append(family) }
    let newSeries = catalog.series.count
    let one = HistoryCatalog.Series(target: target, family: familyNumber, labels: labels)
    let number = catalog.number(of: one)
    if number == newSeries { series.append(one) }
    records.append(
      HistoryRecord(
        series: UInt32(truncatingIfNeeded: number),
        sequence: 0,
        start: start,
        end: end,
        value: value
      )
    )
  }

  /// The block's payload.
  func encoded() -> [UInt8] {
    var writer = BackfillWriter()
    writer.append(target)
    writer.append(part)
    writer.append(word: families.count)
    for family in families {
      writer.append(family.name)
      writer.append(family.help)
      writer.append(word: family.isCounter ? 1 : 0)
    }
    writer.append(word: series.count)
    for one in series {
      writer.append(word: one.family)
      writer.append(word: one.labels.labels.count)
      for label in one.labels.labels {
        writer.append(label.name)
        writer.append(label.value)
      }
    }
    writer.append(word: records.count)
    for record in records {
      writer.append(word: Int(record.series))
      writer.append(record.start)
      writer.append(record.end)
      writer.append(record.value)
    }
    return writer.bytes
  }

  /// Reads a payload; nil where it is none.
  init?(decoding payload: [UInt8]) {
    var reader = BackfillReader(payload)
    guard let target = reader.string(), let part = reader.string() else { return nil }
    self.init(target: target, part: part)
    guard let familyCount = reader.word() else { return nil }
    for _ in 0..<familyCount {
      guard let name = reader.string(), let help = reader.string(), let kind = reader.word() else {
        return nil
      }
      families.append(HistoryCatalog.Family(name: name, help: help, isCounter: kind == 1))
    }
    guard let seriesCount = reader.word() else { return nil }
    for _ in 0..<seriesCount {
      guard let family = reader.word(), let labelCount = reader.word() else { return nil }
      var labels: [Label] = []
      for _ in 0..<labelCount {
        guard let name = reader.string(), let value = reader.string() else { return nil }
        labels.append(Label(name: name, value: value))
      }
      series.append(
        HistoryCatalog.Series(target: target, family: family, labels: LabelSet(labels))
      )
    }
    guard let recordCount = reader.word() else { return nil }
    for _ in 0..<recordCount {
      guard let number = reader.word(), let start = reader.integer(), let end = reader.integer(),
        let value = reader.double()
      else { return nil }
      records.append(
        HistoryRecord(
          series: UInt32(truncatingIfNeeded: number),
          sequence: 0,
          start: start,
          end: end,
          value: value
        )
      )
    }
    guard reader.isAtEnd else { return nil }
  }

  /// Adds the block's new families and series to a catalog that has everything before them.
  ///
  /// - Returns: Whether the block belongs behind what the catalog has.
  func define(in catalog: inout HistoryCatalog) -> Bool {
    for family in families {
      let number = catalog.families.count
      guard catalog.number(of: family) == number else { return false }
    }
    for one in series {
      let number = catalog.series.count
      guard one.family < catalog.families.count, catalog.number(of: one) == number else {
        return false
      }
    }
    return records.allSatisfy { $0.series < catalog.series.count }
  }
}

import Exposition

/// How changes and series are written: little-endian, lengths before what they count.
///
/// A journal record is one change: a kind (1 batch, 2 forget, 3 removed, 4 back, 5 closed), the
/// target's name and what belongs to the kind.
enum LedgerCoding {
  static func append(_ change: LedgerChange, to writer: inout ByteWriter) {
    switch change {
    case .batch(let target, let batch):
      writer.append(UInt8(1))
      writer.append(target)
      append(batch, to: &writer)
    case .forget(let target):
      writer.append(UInt8(2))
      writer.append(target)
    case .removal(let target, .some(let unixTime)):
      writer.append(UInt8(3))
      writer.append(target)
      writer.append(unixTime)
    case .removal(let target, nil):
      writer.append(UInt8(4))
      writer.append(target)
    case .closing(let target, let unixTime):
      writer.append(UInt8(5))
      writer.append(target)
      writer.append(unixTime)
    }
  }

  static func change(
    from reader: inout ByteReader
  ) throws(ByteReader.Malformed) -> LedgerChange {
    let kind = try reader.byte()
    let target = try reader.string()
    switch kind {
    case 1: return .batch(target: target, try batch(from: &reader))
    case 2: return .forget(target: target)
    case 3: return .removal(target: target, at: try reader.finite())
    case 4: return .removal(target: target, at: nil)
    case 5:
      let unixTime = try reader.integer()
      // A snapshot has it as a number with a fraction, and must say the same.
      guard Int64(exactly: Double(unixTime)) == unixTime else { throw ByteReader.Malformed() }
      return .closing(target: target, through: unixTime)
    default: throw ByteReader.Malformed()
    }
  }

  private static func append(_ batch: SeriesBatch, to writer: inout ByteWriter) {
    writer.append(batch.unixTime)
    writer.append(batch.horizon)
    writer.append(count: batch.families.count)
    for family in batch.families {
      writer.append(count: family.position)
      writer.append(UInt8(family.isNew ? 1 : 0))
      writer.append(family.name)
      writer.append(family.help)
    }
    writer.append(count: batch.series.count)
    for series in batch.series {
      writer.append(count: series.family)
      writer.append(count: series.position)
      append(series.labels, to: &writer)
    }
    writer.append(count: batch.entries.count)
    for entry in batch.entries {
      writer.append(count: entry.family)
      writer.append(count: entry.series)
      writer.append(count: entry.count)
    }
    writer.append(count: batch.readings.count)
    for reading in batch.readings { append(reading, to: &writer) }
  }

  private static func batch(
    from reader: inout ByteReader
  ) throws(ByteReader.Malformed) -> SeriesBatch {
    var batch = SeriesBatch(unixTime: try reader.finite(), horizon: try reader.finite())
    for _ in 0..<(try reader.count(ofAtLeast: 12)) {
      batch.families.append(
        SeriesBatch.Family(
          position: try reader.index(),
          isNew: try reader.byte() == 1,
          name: try reader.string(),
          help: try reader.string()
        )
      )
    }
    for _ in 0..<(try reader.count(ofAtLeast: 8)) {
      let family = try reader.index()
      let position = try reader.index()
      batch.series.append(
        SeriesBatch.Series(family: family, position: position, labels: try labels(from: &reader))
      )
    }
    for _ in 0..<(try reader.count(ofAtLeast: 12)) {
      batch.entries.append(
        SeriesBatch.Entry(
          family: try reader.index(),
          series: try reader.index(),
          count: try reader.index()
        )
      )
    }
    for _ in 0..<(try reader.count(ofAtLeast: 16)) {
      batch.readings.append(try reading(from: &reader))
    }
    return batch
  }

  static func append(_ labels: LabelSet, to writer: inout ByteWriter) {
    writer.append(count: labels.labels.count)
    for label in labels.labels {
      writer.append(label.name)
      writer.append(label.value)
    }
  }

  static func labels(from reader: inout ByteReader) throws(ByteReader.Malformed) -> LabelSet {
    let count = try reader.count(ofAtLeast: 8)
    var labels: [Label] = []
    labels.reserveCapacity(count)
    for place in 0..<count {
      let name = try reader.string(place: place)
      labels.append(Label(name: name, value: try reader.string()))
    }
    return LabelSet(labels)
  }

  static func append(_ state: CounterSeries, to writer: inout ByteWriter) {
    writer.append(state.created)
    writer.append(state.total)
    writer.append(state.origin)
    writer.append(state.closedThrough)
    writer.append(count: state.open.count)
    for entry in state.open {
      append(Reading(bucket: entry.bucket, value: entry.highest), to: &writer)
    }
    writer.append(count: state.lowered.count)
    for reading in state.lowered { append(reading, to: &writer) }
  }

  static func series(from reader: inout ByteReader) throws(ByteReader.Malformed) -> CounterSeries {
    let created = try reader.finite()
    let total = try reader.double()
    let origin = try reader.integer()
    let closedThrough = try reader.integer()
    var open: [OpenBucket] = []
    let openCount = try reader.count(ofAtLeast: 16)
    open.reserveCapacity(openCount)
    for _ in 0..<openCount {
      let entry = try reading(from: &reader)
      if let last = open.last, entry.bucket <= last.bucket { throw ByteReader.Malformed() }
      open.append(OpenBucket(bucket: entry.bucket, highest: entry.value))
    }
    var lowered: [Reading] = []
    for _ in 0..<(try reader.count(ofAtLeast: 16)) {
      lowered.append(try reading(from: &reader))
    }
    return CounterSeries(
      created: created,
      total: total,
      origin: origin,
      closedThrough: closedThrough,
      open: open,
      lowered: lowered
    )
  }

  private static func append(_ reading: Reading, to writer: inout ByteWriter) {
    writer.append(reading.bucket.bits)
    writer.append(reading.value)
  }

  private static func reading(
    from reader: inout ByteReader
  ) throws(ByteReader.Malformed) -> Reading {
    guard let bucket = PackedBucket(bits: try reader.integer()) else {
      throw ByteReader.Malformed()
    }
    return Reading(bucket: bucket, value: try reader.finite())
  }
}

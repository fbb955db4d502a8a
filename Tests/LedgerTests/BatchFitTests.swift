import Exposition
import Testing

@testable import Ledger

/// Which batches a ledger takes from a journal: only those that it could have written itself.
@Suite struct BatchFitTests {
  private func batch(_ days: [Int64], counts: [Int]) throws -> SeriesBatch {
    var batch = SeriesBatch(unixTime: 1000, horizon: 0)
    batch.families = [.init(position: 0, isNew: true, name: "a_total", help: "A.")]
    batch.series = [
      .init(family: 0, position: 0, labels: LabelSet([])),
      .init(family: 0, position: 1, labels: LabelSet([Label(name: "x", value: "y")])),
    ]
    for (series, count) in counts.enumerated() {
      batch.entries.append(.init(family: 0, series: series, count: count))
    }
    batch.readings = try days.map { day in
      let bucket = Bucket(start: day * 86_400, end: (day + 1) * 86_400)
      return Reading(bucket: try #require(PackedBucket(bucket)), value: 1)
    }
    return batch
  }

  /// A time that a snapshot could not hold is no time.
  @Test(arguments: [
    (1_768_435_200 as Int64, true), (-1, true), (1 << 53, true), (1 << 53 + 1, false),
    (.max, false),
  ])
  func closing(_ unixTime: Int64, _ isTaken: Bool) {
    var writer = ByteWriter()
    LedgerCoding.append(.closing(target: "a", through: unixTime), to: &writer)
    var reader = ByteReader(writer.bytes)
    let change = try? LedgerCoding.change(from: &reader)
    #expect((change != nil) == isTaken)
  }

  @Test(arguments: [
    ([1, 2, 3] as [Int64], [3], true),
    ([1, 2, 1], [2, 1], true),
    // Buckets that are not in ascending order, or twice.
    ([2, 1, 3], [3], false),
    ([1, 1, 3], [3], false),
    ([1, 3, 2], [1, 2], false),
    // Fewer or more readings than the entries speak of.
    ([1, 2, 3], [2], false),
    ([1, 2], [3], false),
    ([1, 2], [1, 4_294_967_295], false),
    ([], [0], true),
  ])
  func readings(_ days: [Int64], _ counts: [Int], _ fits: Bool) throws {
    #expect(TargetLedger().fits(try batch(days, counts: counts)) == fits)
  }
}

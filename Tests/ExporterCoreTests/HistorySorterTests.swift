import TestSupport
import Testing

@testable import ExporterCore

/// The order in which records leave the sorter, whether they fit into memory or not.
@Suite struct HistorySorterTests {
  private static func record(
    _ series: UInt32,
    _ start: Int64,
    _ end: Int64,
    _ value: Double,
    _ sequence: UInt32
  ) -> HistoryRecord {
    HistoryRecord(series: series, sequence: sequence, start: start, end: end, value: value)
  }

  private func sorted(
    _ records: [HistoryRecord],
    capacity: Int
  ) throws -> [HistoryRecord] {
    let place = try TemporaryFolder()
    let sorter = HistorySorter(path: place.path + "/runs", capacity: capacity)
    for record in records { try sorter.add(record) }
    var result: [HistoryRecord] = []
    try sorter.merged { record throws(BackfillError) in result.append(record) }
    return result
  }

  @Test(arguments: [1, 2, 3, 7, 100, 5000])
  func bySeriesThenByTimeWhateverFitsIntoMemory(capacity: Int) throws {
    var random = SystemRandomNumberGenerator()
    var records: [HistoryRecord] = []
    for series: UInt32 in 0..<4 {
      for time: Int64 in 0..<150 {
        records.append(Self.record(series, time, time, Double(time), 0))
      }
    }
    let expected = records.map { [Int64($0.series), $0.end] }
    records.shuffle(using: &random)
    for index in records.indices { records[index].sequence = UInt32(index) }
    let result = try sorted(records, capacity: capacity)
    #expect(result.map { [Int64($0.series), $0.end] } == expected)
    #expect(result.allSatisfy { $0.value == Double($0.end) })
  }

  /// A run is read in pieces of 512 records.
  @Test func longRuns() throws {
    let records = (0..<3000).map { Self.record(0, Int64($0 * 7 % 3000), 9999, 1, UInt32($0)) }
    let result = try sorted(records, capacity: 1300)
    #expect(result.map(\.start) == (0..<3000).map(Int64.init))
  }

  @Test(arguments: [1, 100])
  func theLaterOfTwoAboutTheSameMomentIsRight(capacity: Int) throws {
    let result = try sorted(
      [
        Self.record(1, 0, 60, 5, 0), Self.record(1, 60, 120, 6, 1), Self.record(1, 0, 60, 7, 2),
        Self.record(0, 0, 60, 8, 3),
      ],
      capacity: capacity
    )
    #expect(result.map(\.value) == [8, 7, 6])
  }

  @Test func nothing() throws {
    #expect(try sorted([], capacity: 10).isEmpty)
  }
}

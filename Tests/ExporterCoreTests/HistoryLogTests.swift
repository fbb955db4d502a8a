import CollectorKit
import Exposition
import Glibc
import Ledger
import TestSupport
import Testing

@testable import ExporterCore

/// The answers on the disk: what a run that was interrupted finds again.
@Suite struct HistoryLogTests {
  private let place: TemporaryFolder
  private var path: String { place.path + "/answers" }

  init() throws {
    place = try TemporaryFolder()
  }

  private static func values(_ day: Int64, _ value: Double) -> HistoryValues {
    let gauge = MetricFamily(
      name: "experia_period_sessions",
      type: .gauge,
      help: "Sessions.",
      samples: [Sample(labels: ["view": "all \"\n"], value: value)]
    )
    let total = Observation(
      family: CounterFamily(name: "experia_sessions_total", help: "Sessions."),
      labels: ["view": "all"],
      bucket: Bucket(start: day * 86_400, end: (day + 1) * 86_400),
      value: value
    )
    return HistoryValues(
      gauges: [HistoryValues.Gauges(at: (day + 1) * 86_400 - 1, [gauge])],
      observations: [total]
    )
  }

  private func records(_ log: HistoryLog) throws -> [HistoryRecord] {
    var records: [HistoryRecord] = []
    try log.forEachRecord { record throws(BackfillError) in records.append(record) }
    return records
  }

  @Test func whatWasAddedIsFoundAgain() throws {
    do {
      let log = try HistoryLog(path: path)
      try log.append(Self.values(1, 5), part: "all 1", of: "a")
      try log.append(Self.values(2, 6), part: "all 2", of: "a")
      try log.append(Self.values(1, 7), part: "all 1", of: "b")
    }
    let log = try HistoryLog(path: path)
    #expect(log.count == 3)
    #expect(log.has("all 1", of: "a") && log.has("all 2", of: "a") && log.has("all 1", of: "b"))
    #expect(!log.has("all 2", of: "b"))
    #expect(log.catalog.families.count == 2)
    #expect(log.catalog.series.map(\.target) == ["a", "a", "b", "b"])
    #expect(log.catalog.series.first?.labels == ["view": "all \"\n"])
    let records = try records(log)
    #expect(records.map(\.value) == [5, 5, 6, 6, 7, 7])
    #expect(records.map(\.sequence) == [0, 1, 2, 3, 4, 5])
    #expect(records[1].start == 86_400 && records[1].end == 172_800)
  }

  /// However little of the last block is there, the blocks before it are whole and it can be added
  /// again.
  @Test func whatACrashLeavesOfABlockIsCutOff() throws {
    var whole = 0
    do {
      let log = try HistoryLog(path: path)
      try log.append(Self.values(1, 5), part: "all 1", of: "a")
      whole = try size()
      try log.append(Self.values(2, 6), part: "all 2", of: "b")
    }
    let full = try size()
    for length in stride(from: full - 1, through: whole, by: -17) {
      try #require(unsafe truncate(path, off_t(length)) == 0)
      let log = try HistoryLog(path: path)
      #expect(log.count == 1)
      #expect(try size() == whole)
      #expect(log.catalog.series.map(\.target) == ["a", "a"])
      try log.append(Self.values(2, 6), part: "all 2", of: "b")
      #expect(try records(log).map(\.value) == [5, 5, 6, 6])
    }
  }

  @Test func aDamagedBlockIsNotBelieved() throws {
    do {
      let log = try HistoryLog(path: path)
      try log.append(Self.values(1, 5), part: "all 1", of: "a")
      try log.append(Self.values(2, 6), part: "all 2", of: "a")
    }
    let descriptor = unsafe open(path, O_WRONLY)
    try #require(unsafe pwrite(descriptor, "x", 1, off_t(try size() - 3)) == 1)
    close(descriptor)
    #expect(try HistoryLog(path: path).count == 1)
  }

  /// What the ledger would refuse is no total here either.
  @Test func impossibleValuesAreLeftOut() throws {
    let log = try HistoryLog(path: path)
    for value in [-1, Double.nan, .infinity] {
      try log.append(Self.values(1, value), part: "\(value)", of: "a")
    }
    #expect(try records(log).map(\.value) == [-1])
  }

  private func size() throws -> Int {
    var status = stat()
    try #require(unsafe stat(path, &status) == 0)
    return Int(status.st_size)
  }
}

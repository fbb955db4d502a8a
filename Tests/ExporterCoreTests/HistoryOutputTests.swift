import CollectorKit
import Exposition
import Ledger
import TestSupport
import Testing

@testable import ExporterCore

/// What becomes of the answers: one exposition as OpenMetrics 1.0.0 and promtool want it.
@Suite struct HistoryOutputTests {
  private let place: TemporaryFolder
  private let log: HistoryLog

  init() throws {
    place = try TemporaryFolder()
    log = try HistoryLog(path: place.path + "/answers")
  }

  private static func gauge(
    _ name: String,
    _ help: String,
    _ labels: LabelSet,
    _ value: Double,
    at time: Int64
  ) -> HistoryValues {
    let family = MetricFamily(
      name: name,
      type: .gauge,
      help: help,
      samples: [Sample(labels: labels, value: value)]
    )
    return HistoryValues(gauges: [HistoryValues.Gauges(at: time, [family])])
  }

  private static func total(_ labels: LabelSet, _ start: Int64, _ value: Double) -> HistoryValues {
    HistoryValues(observations: [
      Observation(
        family: CounterFamily(name: "experia_messages_total", help: "Messages."),
        labels: labels,
        bucket: Bucket(start: start, end: start + 100),
        value: value
      )
    ])
  }

  private func written(
    isPlanted: Bool = false,
    latest: Int64 = .max
  ) throws -> (lines: [String], result: HistoryOutput.Result) {
    let labels: LabelSet = ["brand": "acme", "job": "cx"]
    let target = HistoryOutput.Target(labels: labels, end: 1000, isPlanted: isPlanted)
    let output = HistoryOutput(
      targets: ["b": target, "a": target],
      order: ["b", "a"],
      ledger: nil,
      latest: latest
    )
    let file = try BackfillFile(
      path: place.path + "/history.om",
      isEmptied: true,
      isPrivate: true
    )
    let result = try output.write(
      log,
      HistorySorter(path: place.path + "/runs", capacity: 2),
      to: file
    )
    let lines = try place.text("history.om").split(separator: "\n").map(String.init)
    return (lines, result)
  }

  @Test func familiesByNameThenSeriesThenTime() throws {
    let name = "experia_csat_ratio"
    try log.append(Self.gauge(name, "CSAT.", ["view": "x"], 0.5, at: 199), part: "2", of: "a")
    try log.append(Self.total(["view": "x"], 100, 7), part: "3", of: "a")
    try log.append(Self.gauge(name, "CSAT.", ["view": "x"], 0.25, at: 99), part: "1", of: "a")
    try log.append(Self.total(["view": "x"], 0, 5), part: "4", of: "a")
    try log.append(Self.gauge(name, "CSAT.", ["view": "w\"\\\n"], 1, at: 99), part: "5", of: "a")
    try log.append(Self.gauge(name, "CSAT.", ["view": "x"], 0, at: 99), part: "1", of: "b")
    let (lines, result) = try written()
    #expect(
      lines == [
        "# TYPE experia_csat_ratio gauge",
        "# UNIT experia_csat_ratio ratio",
        "# HELP experia_csat_ratio CSAT.",
        #"experia_csat_ratio{target="b",view="x",brand="acme",job="cx"} 0 99"#,
        #"experia_csat_ratio{target="a",view="w\"\\\n",brand="acme",job="cx"} 1 99"#,
        #"experia_csat_ratio{target="a",view="x",brand="acme",job="cx"} 0.25 99"#,
        #"experia_csat_ratio{target="a",view="x",brand="acme",job="cx"} 0.5 199"#,
        "# TYPE experia_messages counter",
        "# HELP experia_messages Messages.",
        #"experia_messages_total{target="a",view="x",brand="acme",job="cx"} 0 0"#,
        #"experia_messages_total{target="a",view="x",brand="acme",job="cx"} 5 99"#,
        #"experia_messages_total{target="a",view="x",brand="acme",job="cx"} 12 199"#,
        "# EOF",
      ]
    )
    #expect(result.samples == 7)
    #expect(result.series == 4)
    #expect(result.seeds.isEmpty)
  }

  /// A part that was asked for twice, as after a change of its days, is there once.
  @Test func theLaterAnswerIsRight() throws {
    try log.append(Self.total(["view": "x"], 0, 5), part: "1 to 2", of: "a")
    try log.append(Self.total(["view": "x"], 0, 6), part: "1 to 3", of: "a")
    let (lines, _) = try written()
    #expect(lines.filter { $0.hasPrefix("experia") }.map { $0.suffix(5) } == ["} 0 0", " 6 99"])
  }

  /// As on `/metrics`: of two families that cannot stand beside each other the first is written.
  @Test func whatCannotStandTogetherIsLeftOutAndTold() throws {
    try log.append(Self.gauge("samespace_x", "A.", ["i": "1"], 1, at: 9), part: "1", of: "a")
    try log.append(Self.gauge("samespace_x", "B.", ["i": "2"], 2, at: 9), part: "1", of: "b")
    try log.append(Self.gauge("samespace_y", "Y.", ["brand": "2"], 2, at: 9), part: "2", of: "b")
    let (lines, result) = try written()
    #expect(lines.filter { $0.hasPrefix("samespace_") }.count == 1)
    #expect(result.problems.count == 2)
    #expect(result.problems.contains { $0.contains("\"brand\" is there twice") })
  }

  @Test func nothingYoungerThanTheLatest() throws {
    try log.append(Self.total(["view": "x"], 0, 5), part: "1", of: "a")
    try log.append(Self.total(["view": "x"], 100, 6), part: "2", of: "a")
    let (lines, _) = try written(latest: 150)
    #expect(lines.last { $0.hasPrefix("experia") }?.hasSuffix(" 5 99") == true)
  }

  @Test func theLedgerIsToLearnWhatWasWritten() throws {
    try log.append(Self.total(["view": "x"], 0, 5), part: "1", of: "a")
    try log.append(Self.total(["view": "y"], 100, 6), part: "2", of: "a")
    let (_, result) = try written(isPlanted: true)
    #expect(result.seeds["a"]?.count == 2)
    #expect(result.seeds["b"] == nil)
  }

  @Test func noAnswersAreAnEmptyExposition() throws {
    #expect(try written().lines == ["# EOF"])
  }
}

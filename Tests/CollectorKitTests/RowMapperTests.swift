import Exposition
import HTTPTransport
import Ledger
import Testing

@testable import CollectorKit

/// Tables in, families out: the catalogue's "Row mappings".
@Suite struct RowMapperTests {
  private func table(_ json: String) throws -> RowTable {
    try RowTable.decode(
      from: HTTPClientResponse(status: 200, body: Array(json.utf8)),
      .at([]),
      endpoint: "rows"
    )
  }

  private func column(_ label: String, _ column: String) -> RowMapping.LabelColumn {
    RowMapping.LabelColumn(label: label, column: column)
  }

  private func samples(
    _ mapping: RowMapping,
    _ json: String
  ) throws -> [String: Double] {
    let values = RowMapper(mapping).values(of: try table(json))
    let samples = values.families.flatMap(\.samples)
    #expect(Set(samples.map { SeriesKey($0.labels) }).count == samples.count)
    return Dictionary(
      samples.map { sample in
        (sample.labels.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ","), sample.value)
      },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// The vendor's sample for a widget: three, two and one of a kind.
  private static let outcomes = """
    [{"metricType":"successintents"},{"metricType":"successtasks"},{"metricType":"successintents"},
    {"metrictype":"successintents"},{"METRICTYPE":"successtasks"},{"metricType":"failedintents"}]
    """

  @Test func rowsAreCountedByLabel() throws {
    let mapping = RowMapping(
      metric: "kore_intents",
      help: "Intents.",
      labels: [column("outcome", "metricType")]
    )
    let values = RowMapper(mapping).values(of: try table(Self.outcomes), labels: ["view": "all"])
    #expect(
      values.families == [
        MetricFamily(
          name: "kore_intents",
          type: .gauge,
          help: "Intents.",
          samples: [
            Sample(labels: ["view": "all", "outcome": "successintents"], value: 3),
            Sample(labels: ["view": "all", "outcome": "successtasks"], value: 2),
            Sample(labels: ["view": "all", "outcome": "failedintents"], value: 1),
          ]
        )
      ]
    )
    #expect(values.skipped.isEmpty && values.rowsSkipped == 0 && values.seriesFolded == 0)
  }

  @Test(arguments: [
    (RowMapping.Aggregate.count, 4.0), (.sum, 14), (.avg, 3.5), (.min, -2), (.max, 11), (.last, 4),
  ])
  func aggregates(_ aggregate: RowMapping.Aggregate, _ value: Double) throws {
    let mapping = RowMapping(metric: "m", help: "H", value: "V", aggregate: aggregate)
    let json = #"[{"v":1},{"v":"11"},{"V":-2},{"v":" 4.0 "}]"#
    #expect(try samples(mapping, json) == ["": value])
  }

  @Test func aNegativeScaleTurnsLeastAndGreatest() throws {
    let json = #"[{"v":1},{"v":3}]"#
    for (aggregate, value) in [(RowMapping.Aggregate.min, -30.0), (.max, -10), (.sum, -40)] {
      let mapping = RowMapping(
        metric: "m",
        help: "H",
        value: "v",
        aggregate: aggregate,
        scale: -10
      )
      #expect(try samples(mapping, json) == ["": value])
    }
  }

  @Test func whatIsNoNumberIsSkippedAndCounted() throws {
    let mapping = RowMapping(metric: "m", help: "H", labels: [column("l", "l")], value: "v")
    let json = """
      [{"l":"a","v":1},{"l":"a","v":"x"},{"l":"a","v":true},{"l":"a","v":[1]},{"l":"a","v":"0x10"},
      {"l":"a","v":"nan"},{"l":"a","v":1e400},{"l":"a","v":"1,250"},{"l":"a","v":{"w":1}}]
      """
    let values = RowMapper(mapping).values(of: try table(json))
    #expect(values.families.flatMap(\.samples) == [Sample(labels: ["l": "a"], value: 1)])
    #expect(values.skipped == ["m: v of row 2 is \"x\", not a number"])
    #expect(values.skipped.count + values.rowsSkipped == 8)
    #expect(values.failure == nil)
  }

  /// SQL's aggregates leave null out; a normal answer never raises rows_skipped_total.
  @Test(arguments: RowMapping.Format.allCases)
  func aRowWithoutAValueIsNormal(_ format: RowMapping.Format) throws {
    let mapping = RowMapping(
      metric: "m",
      help: "H",
      labels: [column("l", "l")],
      value: "v",
      format: format
    )
    let empty = #"{"l":"a","v":null},{"l":"a"},{"l":"a","v":""},{"l":"b","v":" - "},{"l":null}"#
    let values = RowMapper(mapping).values(of: try table("[\(empty)]"))
    #expect(values.families.isEmpty)
    #expect(values.skipped.isEmpty && values.rowsSkipped == 0 && values.failure == nil)
    let some = RowMapper(RowMapping(metric: "m", help: "H", value: "v", aggregate: .avg))
      .values(of: try table("[\(empty),{\"v\":4}]"))
    #expect(some.families.first?.samples == [Sample(labels: LabelSet(), value: 4)])
    #expect(some.skipped.isEmpty && some.rowsSkipped == 0)
  }

  @Test func whatIsPersonalIsHiddenInTheLog() throws {
    let mapping = RowMapping(metric: "m", help: "H", value: "v")
    let values = RowMapper(mapping).values(of: try table(#"[{"v":1},{"v":"jane@example.com"}]"#))
    #expect(values.skipped == ["m: v of row 2 is \"<e-mail>\", not a number"])
  }

  @Test func aTableOfWhichNothingCanBeReadFails() throws {
    let mapper = RowMapper(RowMapping(metric: "m", help: "H", value: "v"))
    let values = mapper.values(of: try table(#"[{"v":null},{"v":"x"},{"v":[1]}]"#))
    #expect(values.families.isEmpty && values.skipped.isEmpty)
    #expect(
      values.failure
        == CollectionError(
          .decode,
          endpoint: "rows",
          "m: v of row 2 is \"x\", not a number, and no other row has one there"
        )
    )
  }

  /// A typing mistake in the configuration, or a vendor that renamed a column.
  @Test func aColumnThatNoRowHasIsNamed() throws {
    let mapper = RowMapper(RowMapping(metric: "m", help: "H", value: "duration"))
    let json = #"[{"a":1,"jane@example.com":2},{"a":2}]"#
    #expect(
      mapper.values(of: try table(json)).failure?.message
        == "m: no row has a column \"duration\"; there are a, <address>"
    )
    // Once it was there, the vendor may leave it out while it is null.
    #expect(mapper.values(of: try table(#"[{"duration":5}]"#)).failure == nil)
    let later = mapper.values(of: try table(json))
    #expect(later.failure == nil && later.skipped.isEmpty && later.rowsSkipped == 0)
  }

  @Test func aSumBeyondAllNumbersIsCounted() throws {
    let mapper = RowMapper(RowMapping(metric: "m", help: "H", value: "v"))
    let values = mapper.values(of: try table(#"[{"v":1.7e308},{"v":1.7e308}]"#))
    #expect(values.families.isEmpty)
    #expect(values.skipped == ["m: a value is beyond all numbers"] && values.rowsSkipped == 0)
  }

  @Test(arguments: [(92.3, 0.01, 0.923), (1024, 0.001, 1.024), (-5.5, 0.1, -0.55), (3, 60, 180)])
  func aScaleKeepsTheDigits(_ value: Double, _ scale: Double, _ expected: Double) throws {
    let mapping = RowMapping(metric: "m", help: "H", value: "v", scale: scale)
    #expect(try samples(mapping, "[{\"v\":\(value)}]") == ["": expected])
  }

  @Test func notes() throws {
    let mapping = RowMapping(
      metric: "m",
      help: "H",
      labels: [column("a", "a"), column("b", "typo")],
      maxSeries: 1
    )
    let mapper = RowMapper(mapping)
    let table = try table(#"[{"a":"1"},{"a":"2"}]"#)
    #expect(
      mapper.values(of: table).notes == [
        "m: the label \"b\" is absent, for no row has a column \"typo\"; explore lists the columns",
        "m: there are more than 1 series (max_series); the rest is folded into one, other",
      ]
    )
    #expect(RowMapper(mapping).values(of: try self.table("[]")).notes.isEmpty)
  }

  /// To Prometheus an empty label is no label: null, missing and empty are one series, and a label's
  /// number has the vendor's own digits.
  @Test func absentLabels() throws {
    let mapping = RowMapping(
      metric: "m",
      help: "H",
      labels: [column("a", "x"), column("b", "y")]
    )
    let json = #"[{"x":null,"y":1},{"y":1},{"x":"","y":1.0},{"x":"s"},{},{"x":true,"y":2.5}]"#
    #expect(
      try samples(mapping, json)
        == ["b=1": 2, "b=1.0": 1, "a=s": 1, "": 1, "a=true,b=2.5": 1]
    )
  }

  @Test func durations() throws {
    let mapping = RowMapping(metric: "m", help: "H", value: "t", format: .duration)
    let json = #"[{"t":"00 00:17:25"},{"t":"00:00:05"},{"t":"101 00:00:00"},{"t":90.0},{"t":"90"}]"#
    let values = RowMapper(mapping).values(of: try table(json))
    #expect(values.families.first?.samples.first?.value == 8_727_450)
    #expect(
      values.skipped == ["m: t of row 4 is the number 90.0, not a duration such as 00 00:17:25"]
    )
    #expect(values.rowsSkipped == 1)
  }

  @Test func timestamps() throws {
    let mapping = RowMapping(
      metric: "m_timestamp_seconds",
      help: "H",
      value: "t",
      format: .timestamp
    )
    #expect(mapping.aggregate == .max)
    let json = """
      [{"t":"2023-07-04T22:39:23.260Z"},{"t":"2023-07-04T22:39:54.5Z"},{"t":1688510363260},{"t":"soon"}]
      """
    let values = RowMapper(mapping).values(of: try table(json))
    #expect(values.families.first?.samples.first?.value == 1_688_510_394.5)
    #expect(values.skipped.count + values.rowsSkipped == 1)
  }

  @Test func valueMapsAndAllowLists() throws {
    let mapping = RowMapping(
      metric: "m",
      help: "H",
      labels: [
        RowMapping.LabelColumn(
          label: "outcome",
          column: "metricType",
          values: [
            "successintents": "success", "successtasks": "success", "failedintents": "failure",
          ],
          allowed: ["success"]
        )
      ]
    )
    #expect(try samples(mapping, Self.outcomes) == ["outcome=success": 5, "outcome=other": 1])
  }

  @Test func seriesPastTheMostAreFolded() throws {
    let mapping = RowMapping(
      metric: "m",
      help: "H",
      labels: [column("a", "a"), column("b", "b")],
      value: "v",
      maxSeries: 2
    )
    let json = """
      [{"a":"1","b":"x","v":1},{"a":"2","b":"x","v":2},{"a":"3","b":"x","v":4},{"a":"4","v":8},
      {"a":"1","b":"x","v":16},{"a":"3","b":"x","v":32}]
      """
    #expect(
      try samples(mapping, json) == ["a=1,b=x": 17, "a=2,b=x": 2, "a=other,b=other": 44]
    )
    #expect(RowMapper(mapping).values(of: try table(json)).seriesFolded == 2)
  }

  @Test func aSeriesThatIsCalledOtherJoinsTheRest() throws {
    let mapping = RowMapping(metric: "m", help: "H", labels: [column("a", "a")], maxSeries: 2)
    let json = #"[{"a":"other"},{"a":"x"},{"a":"y"},{"a":"z"}]"#
    #expect(try samples(mapping, json) == ["a=x": 1, "a=other": 3])
  }

  /// However many values an answer holds, the mapping's memory and series are bounded.
  @Test func moreValuesThanAnybodyCounts() throws {
    let rows = (0..<120_000).map { "{\"a\":\"v\($0)\"}" }.joined(separator: ",")
    let mapping = RowMapping(
      metric: "m",
      help: "H",
      labels: [column("a", "a")],
      maxSeries: 3
    )
    let values = RowMapper(mapping).values(of: try table("[\(rows)]"))
    #expect(values.families.first?.samples.map(\.value) == [1, 1, 1, 119_997])
    let notes = values.notes
    #expect(
      notes.contains("m: the label \"a\" has more than 100000 values; the rest becomes other")
    )
  }

  /// Rows in another order must not make other series of a counter.
  @Test func aCounterKeepsItsSeries() throws {
    let mapping = RowMapping(
      metric: "m_total",
      help: "H",
      labels: [column("a", "a")],
      kind: .counter,
      maxSeries: 2
    )
    let mapper = RowMapper(mapping)
    let bucket = Bucket(start: 0, end: 86_400)
    func totals(_ json: String) throws -> [String: Double] {
      let values = mapper.values(of: try table(json), bucket: bucket)
      #expect(values.families.isEmpty)
      return Dictionary(
        values.observations.map { ($0.labels["a"] ?? "", $0.value) },
        uniquingKeysWith: +
      )
    }
    #expect(try totals(#"[{"a":"1"},{"a":"2"},{"a":"3"}]"#) == ["1": 1, "2": 1, "other": 1])
    #expect(
      try totals(#"[{"a":"3"},{"a":"4"},{"a":"2"},{"a":"1"},{"a":"2"}]"#)
        == ["1": 1, "2": 2, "other": 2]
    )
    #expect(mapper.values(of: try table("[]"), bucket: nil).observations.isEmpty)
  }

  @Test func noRowsAreZeroRowsWithoutLabels() throws {
    #expect(try samples(RowMapping(metric: "m", help: "H"), "[]") == ["": 0])
    #expect(try samples(RowMapping(metric: "m", help: "H", value: "v"), "[]") == ["": 0])
    for aggregate in [RowMapping.Aggregate.avg, .min, .max, .last] {
      let mapping = RowMapping(metric: "m", help: "H", value: "v", aggregate: aggregate)
      #expect(try samples(mapping, "[]").isEmpty)
      #expect(try samples(mapping, "[{}]").isEmpty)
    }
    let labelled = RowMapping(metric: "m", help: "H", labels: [column("a", "a")])
    #expect(try samples(labelled, "[]").isEmpty)
  }

  @Test(arguments: [
    ("agent_email", "agent1@example.com", "an e-mail address (aaaaa9@aaaaaaa.aaa)"),
    ("who", "9665XXXXXXXX", "a telephone number (9999AAAAAAAA)"),
    ("from", "+14077016752", "a telephone number (+99999999999)"),
    ("call", "64a4c799e8c16456e7c23a49", "an id (99a9a999a9a99999a9a99a99)"),
    (
      "n", "550e8400-e29b-41d4-a716-446655440000",
      "an id (999a9999-a99a-99a9-a999-999999999999)"
    ),
  ])
  func aColumnOfIdentifiersIsRefused(_ name: String, _ value: String, _ kind: String) throws {
    let rows = (0..<10).map { "{\"\(name)\":\"\($0 < 2 ? value : "plain")\"}" }
    let json = "[\(rows.joined(separator: ","))]"
    let mapping = RowMapping(metric: "m", help: "H", labels: [column("l", name)])
    let values = RowMapper(mapping).values(of: try table(json))
    #expect(values.families.isEmpty)
    #expect(
      values.skipped == [
        "m: the column \"\(name)\" of the label \"l\" holds what looks like \(kind) and is not shown: "
          + "take another column, list the values that may be shown below allow, or set "
          + "allow_identifiers: true"
      ]
    )
    #expect(values.rowsSkipped == 9)

    let allowed = RowMapping(
      metric: "m",
      help: "H",
      labels: [column("l", name)],
      allowsIdentifiers: true
    )
    #expect(try samples(allowed, json) == ["l=\(value)": 2, "l=plain": 8])
    let listed = RowMapping(
      metric: "m",
      help: "H",
      labels: [RowMapping.LabelColumn(label: "l", column: name, allowed: ["plain"])]
    )
    #expect(try samples(listed, json) == ["l=other": 2, "l=plain": 8])
  }

  @Test func aStrayIdentifierIsHidden() throws {
    let rows = (0..<30).map { "{\"tag\":\"\($0 == 7 ? "jane@example.com" : "billing")\"}" }
    let mapping = RowMapping(metric: "m", help: "H", labels: [column("tag", "tag")])
    let json = "[\(rows.joined(separator: ","))]"
    #expect(try samples(mapping, json) == ["tag=billing": 29, "tag=other": 1])
    let values = RowMapper(mapping).values(of: try table(json))
    #expect(values.seriesFolded == 1 && values.rowsSkipped == 0)
    #expect(
      values.notes == [
        "m: a value of the column \"tag\" of the label \"tag\" looks like an e-mail address "
          + "(aaaa@aaaaaaa.aaa) and becomes other: list the values that may be shown below allow, or "
          + "set allow_identifiers: true"
      ]
    )
  }

  /// A year in a name is no identifier.
  @Test func aQueueWithAYearIsShown() throws {
    let mapping = RowMapping(metric: "m", help: "H", labels: [column("queue", "queue")])
    let json = #"[{"queue":"customer-care-2024"},{"queue":"customer-care-2024"}]"#
    #expect(try samples(mapping, json) == ["queue=customer-care-2024": 2])
    let values = RowMapper(mapping).values(of: try table(json))
    #expect(values.skipped.isEmpty && values.notes.isEmpty && values.seriesFolded == 0)
  }

  @Test func aLabelThatIsAnArrayIsReported() throws {
    let mapping = RowMapping(metric: "m", help: "H", labels: [column("l", "l")])
    let mapper = RowMapper(mapping)
    let values = mapper.values(of: try table(#"[{"l":["a"]},{"l":null}]"#))
    #expect(values.families.first?.samples == [Sample(labels: LabelSet(), value: 2)])
    #expect(
      values.notes == ["m: the label \"l\" is absent if the column \"l\" holds an array"]
    )
  }

  @Test func longTextsAreCut() throws {
    let mapping = RowMapping(metric: "m", help: "H", labels: [column("l", "l")])
    let text = String(repeating: "é ", count: 300)
    let series = try samples(mapping, "[{\"l\":\"\(text)x\"},{\"l\":\"\(text)y\"}]")
    #expect(series == ["l=\(text.prefix(200))…": 2])
  }

  /// 10,000 rows with duplicates, nulls, mixed types, odd case and Unicode: every row is counted
  /// once, or left out once.
  @Test func aLargeTable() throws {
    let names = ["type", "Type", "TYPE"]
    let kinds = [#""чат""#, #""WhatsApp""#, "null", "7", #""\u00e9\n\"""#, "true", "[1]"]
    let amounts = ["1", #""2""#, "null", #""x""#, "0.5"]
    var sums: [String: Double] = [:]
    var skipped = 0
    let keys = ["l=чат", "l=WhatsApp", "", "l=7", "l=é\n\"", "l=true", ""]
    let values: [Double?] = [1, 2, nil, nil, 0.5]
    let rows = (0..<10_000).map { row in
      if let value = values[row % 5] {
        sums[keys[row % 7], default: 0] += value
      } else if row % 5 == 3 {
        skipped += 1
      }
      return "{\"\(names[row % 3])\":\(kinds[row % 7]),\"n\":{\"v\":\(amounts[row % 5])}}"
    }
    let mapping = RowMapping(metric: "m", help: "H", labels: [column("l", "tYPE")], value: "N.v")
    let json = "[\(rows.joined(separator: ","))]"
    #expect(try samples(mapping, json) == sums)
    let result = RowMapper(mapping).values(of: try table(json))
    #expect(result.skipped.count + result.rowsSkipped == skipped)
    #expect(ExpositionValidator().problems(in: result.families).isEmpty)
  }
}

import CollectorKit
import Exposition
import HTTPTransport
import Synchronization
import TestSupport
import Testing

/// What Samespace's collector leaves out, kind by kind, as README.md's table decides: a normal answer
/// counts nothing, and what is logged is logged once.
@Suite struct SamespaceSilenceTests {
  /// What two polls bring.
  private struct Told: Equatable {
    /// What is counted as skipped, of each poll.
    var skipped = [0, 0]
    /// The lines about skipped fields and the notes of each poll.
    var lines: [[String]] = [[], []]
    var reasons: [FailureReason] = []
    var values: [Double] = []
  }

  private struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var insights = "{}"
    var dashboard: String?
    var answer = #"{"data":[{"value":1}]}"#
    var skipped = [0, 0]
    var line: String?
    var reason: FailureReason?
    var values: [Double] = []

    init(
      _ name: String,
      insights: String = "{}",
      dashboard: String? = nil,
      answer: String = #"{"data":[{"value":1}]}"#,
      skipped: [Int] = [0, 0],
      line: String? = nil,
      fails reason: FailureReason? = nil,
      values: [Double] = []
    ) {
      testDescription = name
      self.insights = insights
      self.dashboard = dashboard
      self.answer = answer
      self.skipped = skipped
      self.line = line
      self.reason = reason
      self.values = values
    }
  }

  private static let stat = #"{"id":"a","timeRange":"PAST_HOUR","template":{"type":"STAT"}}"#
  private static func list(_ others: String) -> String {
    #"{"id":"d1","insights":[\#(stat),\#(others)]}"#
  }

  private static let cases = [
    // Normal: no value.
    Case("null", answer: #"{"data":[{"value":null,"previousValue":null}]}"#),
    Case("an empty text", answer: #"{"data":[{"value":"","previousValue":" "}]}"#),
    Case("no rows", answer: #"{"data":[]}"#), Case("null rows", answer: #"{"data":null}"#),
    Case("an empty object", answer: "{}"), Case("a null row", answer: #"{"data":[null]}"#),
    Case("a dash", answer: #"{"data":[{"value":"--","previousValue":"—"}]}"#),
    // Normal: noted once.
    Case(
      "several rows",
      answer: #"{"data":[{"value":3},{"value":4},{"value":"x"},null]}"#,
      line: "insight d1/a: the answer has several rows: the first is the figure",
      values: [3]
    ),
    Case(
      "a row without a value",
      answer: #"{"data":[{"title":"A"}]}"#,
      line: "insight d1/a: the answer's first row has no \"value\""
    ),
    Case(
      "null for the insight",
      answer: "null",
      line: "insight d1/a: the answer is null, without an error: no value"
    ),
    Case(
      "another template",
      dashboard: list(#"{"id":"b","template":{"type":"TABLE"}}"#),
      values: [1]
    ),
    Case("no insights", dashboard: #"{"id":"d1","insights":[]}"#),
    Case("an insight that is listed twice", dashboard: list(stat), values: [1]),
    Case(
      "no template",
      dashboard: list(#"{"id":"b","template":null}"#),
      line: "dashboard d1: insight b has no template type and is not polled; give it a mapping",
      values: [1]
    ),
    Case(
      "no time range",
      dashboard: #"{"id":"d1","insights":[{"id":"a","template":{"type":"STAT"}}]}"#,
      line:
        "dashboard d1: neither insight a nor the dashboard has a time range, so the vendor chooses "
        + "one; give it a time_range",
      values: [1]
    ),
    Case(
      "more insights than 500",
      dashboard: list(
        (0..<500).map { #"{"id":"\#($0)","template":{"type":"STAT"},"timeRange":"X"}"# }
          .joined(separator: ",")
      ),
      line: "dashboard d1: STAT insights past the first 500 are not polled",
      values: Array(repeating: 1, count: 500)
    ),
    // Skipped: counted every time, logged once.
    Case(
      "an ambiguous text",
      answer: #"{"data":[{"value":"2,824"}]}"#,
      skipped: [1, 1],
      line: #"value is "2,824", not plainly a number"#
    ),
    Case(
      "an ambiguous previous value",
      answer: #"{"data":[{"value":5,"previousValue":"05:30"}]}"#,
      skipped: [1, 1],
      line: #"previousValue is "05:30", not plainly a number"#,
      values: [5]
    ),
    Case(
      "another format",
      insights: "{a: {format: percent}}",
      answer: #"{"data":[{"value":"00:05:30"}]}"#,
      skipped: [1, 1],
      line: #"value is "00:05:30", not written as format percent"#
    ),
    Case(
      "an insight without an id",
      dashboard: list(#"{"title":"b"},null"#),
      skipped: [2, 2],
      line: "an insight without an id",
      values: [1]
    ),
    Case(
      "an insight that the dashboard lacks",
      insights: "{b: {metric: samespace_b, help: B.}}",
      skipped: [1, 1],
      line: "insight b of the configuration is no STAT insight of the dashboard",
      values: [1]
    ),
    Case(
      "a time range that is no name",
      dashboard:
        #"{"id":"d1","timeRange":"PAST_HOUR","insights":[{"id":"a","timeRange":{"last":1},"#
        + #""template":{"type":"STAT"}}]}"#,
      skipped: [1, 1],
      line: "the timeRange of insight a is no short text; the dashboard's is used",
      values: [1]
    ),
    // Failed: the part.
    Case("a row that is no object", answer: #"{"data":["12"]}"#, fails: .decode),
    Case("a list", answer: "[]", fails: .decode),
    Case("another dashboard", dashboard: #"{"id":"d2","insights":[]}"#, fails: .decode),
    Case("no list of insights", dashboard: #"{"id":"d1","insights":null}"#, fails: .decode),
    Case("no dashboard", dashboard: "null", fails: .vendorError),
    Case(
      "a range that is no name",
      dashboard: #"{"id":"d1","timeRange":7,"insights":[]}"#,
      fails: .decode
    ),
    Case(
      "an end that is no scalar",
      dashboard: #"{"id":"d1","startTime":[1],"insights":[]}"#,
      fails: .decode
    ),
  ]

  @Test(arguments: cases)
  private func kind(_ test: Case) async throws {
    let samespace = try ConformanceVendor.named("samespace")
    let target = try ConformanceTarget(
      ConformanceVendor(
        name: "samespace",
        keys: [
          "<api_key>", "discovery_interval: 1s",
          "dashboards: [{id: d1, insights: \(test.insights)}]",
        ],
        secrets: samespace.secrets,
        errorEnvelope: samespace.errorEnvelope,
        good: samespace.good
      )
    )
    let client = ScriptedHTTPClient { request, _ throws(TransportError) in
      let isData = String(decoding: request.body ?? [], as: UTF8.self).contains("insightId")
      let data =
        isData
        ? #"{"getInsightData":\#(test.answer)}"#
        : #"{"dashboard":\#(test.dashboard ?? #"{"id":"d1","insights":[\#(Self.stat)]}"#)}"#
      return HTTPClientResponse(status: 200, body: Array(#"{"data":\#(data)}"#.utf8))
    }
    var told = Told()
    let time = SimulatedTime(unixTime: ConformanceVendor.moment, participants: 0)
    let context = CollectionContext(
      client: VendorClient(http: client, gate: OpenGate(), time: time, settings: target.settings),
      time: time,
      log: LogRecorder().logger
    )
    for poll in 0...1 {
      let outcome = try await target.collector.collect(in: context)
      time.advance(by: target.settings.interval)
      for case (_, .success(let values)) in outcome.parts {
        told.skipped[poll] += values.skipped.count + values.rowsSkipped
        told.lines[poll] += values.skipped + values.notes
      }
      told.reasons = outcome.failures.map(\.reason)
      told.values = outcome.families.filter { $0.name == "samespace_stat_value" }
        .flatMap(\.samples).map(\.value)
    }
    let expected = Told(
      skipped: test.skipped,
      lines: Array(repeating: test.line.map { [$0] } ?? [], count: 2),
      reasons: test.reason.map { [$0] } ?? [],
      values: test.values
    )
    #expect(told == expected)
  }

  /// What a partial answer lacks of the known insights keeps being asked for, and is counted in words.
  @Test func anInsightThatAPartialAnswerLacksIsStillAskedFor() async throws {
    let answer = Mutex(#"{"data":{"dashboard":{"id":"d1","insights":[\#(Self.stat)]}}}"#)
    let target = try ConformanceTarget(
      ConformanceVendor(
        name: "samespace",
        keys: ["<api_key>", "discovery_interval: 1s", "dashboards: [{id: d1}]"],
        secrets: try ConformanceVendor.named("samespace").secrets,
        errorEnvelope: "",
        good: { _ in "" }
      )
    )
    let client = ScriptedHTTPClient { request, _ throws(TransportError) in
      let isData = String(decoding: request.body ?? [], as: UTF8.self).contains("insightId")
      let body =
        isData
        ? #"{"data":{"getInsightData":{"data":[{"value":1}]}}}"# : answer.withLock { $0 }
      return HTTPClientResponse(status: 200, body: Array(body.utf8))
    }
    #expect(try await target.poll(client).parts.map(\.key) == ["dashboard d1", "d1/a"])
    answer.withLock {
      $0 = #"{"errors":[{"message":"no"}],"data":{"dashboard":{"id":"d1","insights":[null]}}}"#
    }
    let outcome = try await target.poll(client)
    #expect(outcome.parts.map(\.key) == ["dashboard d1", "d1/a"])
    #expect(outcome.families.map(\.name) == ["samespace_stat_value"])
    #expect(
      outcome.failure?.message == "no (1 of the dashboard's insights are missing from the answer)"
    )
  }
}

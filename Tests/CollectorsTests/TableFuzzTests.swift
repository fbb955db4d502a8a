import CollectorKit
import Exposition
import HTTPTransport
import Ledger
import TestSupport
import Testing

@testable import Collectors

/// Answers of every kind in the documented frames: whatever is in them, what comes out is valid.
@Suite struct TableFuzzTests {
  private static let targets = [
    "vendor: kore, bot_id: st-1, token: t-1, widgets: [{dashboard: d, widget: w, max_rows: 200, "
      + "mappings: [{metric: kore_a, help: A., labels: {x: a, y: b.c}, value: n}, "
      + "{metric: kore_b_total, help: B., type: counter, labels: {x: A}, max_series: 3}, "
      + "{metric: kore_c_timestamp_seconds, help: C., value: t}, "
      + "{metric: kore_d_seconds, help: D., value: n, format: duration, aggregate: max}]}]",
    "vendor: samespace, api_key: k-1, timezone: Asia/Kolkata, reports: [{id: r, start_time: today, "
      + "mappings: [{metric: samespace_a, help: A., labels: {x: a, y: b.c}, value: n, "
      + "aggregate: avg, scale: 0.1}, {metric: samespace_b_total, help: B., type: counter, "
      + "labels: {x: A}, allow_identifiers: true}]}]",
    "vendor: rocketchat, user_id: u-1, auth_token: t-1, charts: [Total_messages], realtime: true",
    "vendor: kore, bot_id: st-1, token: t-1, api_version: 2",
  ]

  @Test(arguments: targets.indices)
  func whateverIsInTheFrame(_ place: Int) async throws {
    var random = Splitmix(state: UInt64(20_261_121 + place))
    var series = 0
    for round in 0..<80 {
      let target = try DecodedTarget(
        "{name: t, url: \"https://v.test\", \(TableFuzzTests.targets[place])}"
      )
      #expect(target.issues.isEmpty)
      let answers = (0..<8).map { _ in TableFuzzTests.answer(place, &random) }
      let outcome = try await target.poll { _, index in
        HTTPClientResponse(status: 200, body: Array(answers[index % answers.count].utf8))
      }
      var problems: [ExpositionProblem] = []
      let families = FamilyMerger.merge([outcome.families], problems: &problems)
      problems += ExpositionValidator().problems(in: families)
      #expect(problems.isEmpty, "round \(round): \(answers)")
      let samples = families.flatMap(\.samples)
      #expect(samples.allSatisfy { $0.value.isFinite })
      series += samples.count
      let ledger = CounterLedger()
      let totals = outcome.successes.flatMap(\.observations)
      _ = ledger.record(totals, target: "t", at: 1_759_752_000)
      let counters = ledger.families(target: "t")
      #expect(ExpositionValidator().problems(in: counters).isEmpty)
      for error in outcome.failures {
        #expect(!error.message.contains { $0.isNewline })
        #expect(error.message.utf8.count < 1000)
      }
    }
    // Something gets through, or nothing was tested.
    #expect(series > 50)
  }

  private static func answer(_ place: Int, _ random: inout Splitmix) -> String {
    // One answer in ten has no frame at all.
    guard random.below(10) > 0 else { return json(&random, depth: 0) }
    let rows = "[\((0..<random.below(60)).map { _ in row(&random) }.joined(separator: ","))]"
    switch place {
    case 0: return #"{"queryResponse":{"metaData":{},"queryResponse":\#(rows)}}"#
    case 1: return #"{"data":{"getReportData":{"data":\#(rows)}}}"#
    case 2:
      let names = [
        "Open_conversations", "On_Hold_conversations", "Total_visitors", "Total_abandoned_chats",
        "Avg_of_abandoned_chats", "Avg_of_waiting_time",
      ]
      let list = names.map { #"{"title":"\#($0)","value":\#(scalar(&random))}"# }
        .joined(separator: ",")
      return
        #"{"open":\#(scalar(&random)),"queued":\#(scalar(&random)),"away":\#(scalar(&random)),"#
        + #""totalizers":[\#(list)],"dataLabels":["10/5","10/6"],"#
        + #""dataPoints":[\#(scalar(&random)),\#(scalar(&random))],"success":true}"#
    default:
      func trend(_ random: inout Splitmix) -> String {
        #"{"dataPoints":[{"date":"Oct 05 2025","users":\#(scalar(&random))},"#
          + #"{"date":"Oct 06 2025","users":\#(scalar(&random)),"11 - 12":\#(scalar(&random)),"#
          + #""12 - 13":\#(scalar(&random))},\#(row(&random))]}"#
      }
      return #"{"uniqueUsersTrend":\#(trend(&random)),"newUsersTrend":\#(trend(&random)),"#
        + #""returningUsersTrend":\#(trend(&random))}"#
    }
  }

  private static func row(_ random: inout Splitmix) -> String {
    guard random.below(20) > 0 else { return json(&random, depth: 2) }
    let keys = ["a", "A", "b", "n", "N", "t", "\\u0061", "ü"]
    let members = (0..<random.below(6)).map { _ in
      let key = keys[random.below(keys.count)]
      let value = key == "b" ? #"{"c":\#(scalar(&random))}"# : scalar(&random)
      return "\"\(key)\":\(value)"
    }
    return "{\(members.joined(separator: ","))}"
  }

  private static func scalar(_ random: inout Splitmix) -> String {
    let scalars = [
      "null", "true", "false", "0", "-0", "1", "-1", "2.5", "1e308", "1e999", "-1e308", "1e-320",
      "123456789012345678901234567890", #""""#, #""-""#, #""x""#, #""y""#, #""7""#, #"" 7 ""#,
      #""NaN""#, #""Infinity""#, #""0x10""#, #""00:00:60""#, #""-00:00:01""#, #""99 99:59:59""#,
      #""2026-01-15T10:00:00Z""#, #""2026-13-45""#, #""11%""#, #""jane@example.com""#,
      #""+14077016752""#, #""a\nb\"c\\""#, #""\ud800""#, #""\u0000""#, #""\u202e😀""#, "[]", "{}",
      #"{"a":1}"#, #"[1,"x"]"#, #""other""#, "\"\(String(repeating: "é", count: 300))\"",
    ]
    return scalars[random.below(scalars.count)]
  }

  private static func json(_ random: inout Splitmix, depth: Int) -> String {
    switch depth > 4 ? 9 : random.below(6) {
    case 0:
      return
        "[\((0..<random.below(4)).map { _ in json(&random, depth: depth + 1) }.joined(separator: ","))]"
    case 1:
      let names = ["data", "errors", "success", "queryResponse", "getReportData", "message", "a"]
      let members = (0..<random.below(4)).map { _ in
        "\"\(names[random.below(names.count)])\":\(json(&random, depth: depth + 1))"
      }
      return "{\(members.joined(separator: ","))}"
    default: return scalar(&random)
    }
  }

  /// Sebastiano Vigna's SplitMix64: the same answers in every run.
  private struct Splitmix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)) % UInt64(bound))
    }
  }
}

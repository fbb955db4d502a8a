import CollectorKit
import Collectors
import Exposition
import HTTPTransport
import Ledger
import TestSupport
import Testing

/// What the vendors' histories ask and what they make of the answers.
@Suite struct HistoryTests {
  /// A target's whole history of some days.
  private struct Told {
    var keys: [String] = []
    var values: [HistoryValues] = []
    var notes: [String] = []
    var requests: [HTTPClientRequest] = []

    /// The gauges of a name: Unix seconds and value, in the order in which they came.
    func gauges(_ name: String, _ labels: LabelSet) -> [[Double]] {
      values.flatMap(\.gauges).flatMap { gauges in
        gauges.families.filter { $0.name == name }.flatMap(\.samples)
          .filter { $0.labels == labels }
          .map { [Double(gauges.time), $0.value] }
      }
    }

    /// The totals of a counter: start, end and value.
    func totals(_ name: String) -> [[Double]] {
      values.flatMap(\.observations).filter { $0.family.name == name }
        .map { [Double($0.bucket.start), Double($0.bucket.end), $0.value] }
    }
  }

  private func history(
    _ target: String,
    _ first: String,
    _ last: String,
    _ answer: @escaping @Sendable (String) -> String
  ) async throws -> Told {
    let decoded = try DecodedTarget(target)
    let settings = try #require(decoded.settings)
    let collector = try #require(try decoded.collector as? any HistoryCollector)
    let client = ScriptedHTTPClient { request, _ throws(TransportError) in
      let text = request.url + " " + String(decoding: request.body ?? [], as: UTF8.self)
      return HTTPClientResponse(
        status: 200,
        fields: [HTTPField("Content-Type", "application/json")],
        body: Array(answer(text).utf8)
      )
    }
    let time = SimulatedTime(unixTime: 1_800_000_000, participants: 0)
    let context = CollectionContext(
      client: VendorClient(http: client, gate: OpenGate(), time: time, settings: settings),
      time: time,
      log: LogRecorder().logger
    )
    let days = try #require(CivilDate(first))...(try #require(CivilDate(last)))
    let plan = try await collector.history(of: days, in: context)
    var told = Told(notes: plan.notes)
    for place in 0..<plan.count {
      let part = plan.part(place)
      told.keys.append(part.key)
      told.values.append(try await part.ask(context))
    }
    told.requests = client.requests
    return told
  }

  /// 2026-01-31 and the day behind it, at +03:00.
  private static let experia =
    "{name: t, vendor: experia, url: \"https://e.test\", api_key: k, periods: [daily, weekly], "
    + "views: [{name: all}, {name: wa, channels: [wa-1]}]}"

  @Test func experiaAsksForEachViewAndDayByARange() async throws {
    let told = try await history(Self.experia, "2026-01-31", "2026-02-01") { asked in
      let sessions = asked.contains("2026-01-31 to 2026-01-31") ? 31 : 1
      return #"{"status":"SUCCESS","totalSessions":\#(sessions),"CSAT":50}"#
    }
    #expect(told.keys == ["all 2026-01-31", "wa 2026-01-31", "all 2026-02-01", "wa 2026-02-01"])
    // The local days of +03:00 end at 21:00 UTC; the sample is of their last second.
    let firstEnd = 1_769_893_200.0
    let labels: LabelSet = ["view": "all", "period": "daily"]
    #expect(
      told.gauges("experia_period_sessions", labels)
        == [[firstEnd - 1, 31], [firstEnd + 86_399, 1]]
    )
    #expect(told.gauges("experia_csat_ratio", labels).map { $0[1] } == [0.5, 0.5])
    #expect(
      told.gauges("experia_period_start_timestamp_seconds", labels).map { $0[1] }
        == [firstEnd - 86_400, firstEnd]
    )
    let day = [firstEnd - 86_400, firstEnd, 31]
    #expect(told.totals("experia_sessions_total").first == day)
    #expect(told.totals("experia_sessions_total").count == 4)
    #expect(told.notes.first?.contains("weekly") == true)
  }

  @Test func experiaWithoutTheDailyPeriodHasNoHistory() async throws {
    let target = Self.experia.replacing("[daily, weekly]", with: "[weekly]")
    let told = try await history(target, "2026-01-31", "2026-02-01") { _ in "" }
    #expect(told.requests.isEmpty)
    #expect(told.notes.count == 1)
  }

  private static let rocketChat =
    "{name: t, vendor: rocketchat, url: \"https://r.test\", user_id: u, auth_token: t, "
    + "charts: [Total_conversations, Avg_chat_duration]}"

  /// Labels have no year and are those of UTC days; a workspace east of UTC adds an earlier one.
  @Test func rocketChatAsksForManyDaysAtOnceAndADayBefore() async throws {
    let told = try await history(Self.rocketChat, "2026-01-01", "2026-01-02") { _ in
      #"{"dataLabels":["12/30","12/31","1/1","1/2"],"dataPoints":[7,8,1,0],"success":true}"#
    }
    #expect(
      told.keys
        == ["Total_conversations", "Avg_chat_duration"].map {
          "all/\($0) 2026-01-01 to 2026-01-02"
        }
    )
    #expect(told.requests.first?.url.contains("start=2025-12-31&end=2026-01-02&") == true)
    let midnight = 1_767_225_600.0
    #expect(
      told.gauges("rocketchat_omnichannel_period_conversations", ["department": "all"])
        == [[midnight + 86_399, 1], [midnight + 2 * 86_400 - 1, 0]]
    )
    // The 0 of an average is no sample.
    #expect(
      told.gauges("rocketchat_omnichannel_chat_duration_average_seconds", ["department": "all"])
        == [[midnight + 86_399, 1]]
    )
    #expect(
      told.totals("rocketchat_omnichannel_conversations_total")
        == [[midnight, midnight + 86_400, 1], [midnight + 86_400, midnight + 2 * 86_400, 0]]
    )
  }

  @Test func aSingleDayOfRocketChatIsNotAskedForByItself() async throws {
    let told = try await history(Self.rocketChat, "2026-01-01", "2026-01-01") { _ in
      #"{"dataLabels":["12/31","1/1"],"dataPoints":[8,1],"success":true}"#
    }
    #expect(told.requests.allSatisfy { $0.url.contains("start=2025-12-31&end=2026-01-01&") })
    #expect(told.totals("rocketchat_omnichannel_conversations_total").map { $0[2] } == [1])
  }

  /// Days that the server labels otherwise must not become a history with gaps or of other days.
  @Test(arguments: [
    (#""12/31","1/1""#, #""1/2" of 2026-01-02"#), (#""12/31","1/2""#, #""1/1" of 2026-01-01"#),
    (#""1/1","1/2""#, #""12/31" of 2025-12-31"#), (#""12AM-1AM","1AM-2AM""#, #""1/2" of 2026"#),
  ])
  func aPieceOfRocketChatWithoutADaysLabelFails(labels: String, missing: String) async throws {
    do {
      let told = try await history(Self.rocketChat, "2026-01-01", "2026-01-02") { _ in
        #"{"dataLabels":[\#(labels)],"dataPoints":[1,2],"success":true}"#
      }
      Issue.record("taken: \(told.keys)")
    } catch let error as CollectionError {
      #expect(error.reason == .decode)
      #expect(error.message.contains("no point has the label \(missing)"))
      #expect(error.message.contains("the labels are \(labels.replacing(",", with: ", "))"))
    }
  }

  /// A year in pieces: each label stands for one day only.
  @Test func aYearOfRocketChatIsAskedForInPieces() async throws {
    let told = try await history(Self.rocketChat, "2025-01-01", "2025-12-31") { asked in
      let start = CivilDate(String(asked.split(separator: "start=")[1].prefix(10)))
      let end = CivilDate(String(asked.split(separator: "end=")[1].prefix(10)))
      guard let start, let end else { return "" }
      let days = (start.dayNumber...end.dayNumber).map { CivilDate(dayNumber: $0).components }
      let labels = days.map { "\"\($0.month)/\($0.day)\"" }.joined(separator: ",")
      let points = days.map { "\($0.month * 100 + $0.day)" }.joined(separator: ",")
      return #"{"dataLabels":[\#(labels)],"dataPoints":[\#(points)],"success":true}"#
    }
    let totals = told.totals("rocketchat_omnichannel_conversations_total")
    #expect(totals.count == 365)
    #expect(totals.first?[2] == 101)
    #expect(totals.last?[2] == 1231)
    #expect(Set(totals.map { $0[0] }).count == 365)
    #expect(told.values.allSatisfy { $0.skipped.isEmpty })
  }

  private static func kore(_ zone: String) -> String {
    "{name: t, vendor: kore, url: \"https://k.test\", bot_id: b, token: t, timezone: \(zone)}"
  }

  private static func hours(_ date: String, _ first: Int) -> String {
    let hours = (0..<24).map { "\"\($0) - \(($0 + 1) % 24)\":\(first + $0)" }
    return "{\"date\":\"\(date)\",\(hours.joined(separator: ","))}"
  }

  @Test func koreTellsWhatEachHoursLastSecondWouldHaveShown() async throws {
    let told = try await history(Self.kore("Etc/UTC"), "2026-01-02", "2026-01-02") { asked in
      asked.contains("Hourly")
        ? "{\"results\":[\(Self.hours("Jan 01 2026", 100)),\(Self.hours("Jan 02 2026", 0))]}"
        : #"{"results":[{"date":"Jan 01 2026","users":9},{"date":"Jan 02 2026","users":"5"}]}"#
    }
    #expect(
      told.requests.allSatisfy { $0.url.contains("start_date=2026-01-01&end_date=2026-01-02") }
    )
    let midnight = 1_767_312_000.0
    let labels: LabelSet = ["channel": "all"]
    let running = told.gauges("kore_engagement_current_hour_users", labels)
    #expect(running == (0..<24).map { [midnight + Double($0) * 3600 + 3599, Double($0)] })
    let complete = told.gauges("kore_engagement_last_hour_users", labels)
    #expect(complete.map { $0[1] } == [123] + (0..<23).map(Double.init))
    #expect(told.gauges("kore_engagement_current_day_users", labels) == [[midnight + 86_399, 5]])
    #expect(told.gauges("kore_engagement_previous_day_users", labels) == [[midnight + 86_399, 9]])
    let totals = told.totals("kore_engagement_hourly_users_total")
    #expect(totals.count == 24)
    #expect(totals.first == [midnight, midnight + 3600, 0])
  }

  /// In Berlin 2026-03-29 has no hour from 2 to 3, and 2026-10-25 has it twice.
  @Test(arguments: [("2026-03-29", "Mar 29 2026", 23), ("2026-10-25", "Oct 25 2026", 24)])
  func koreOnDaysOfChange(day: String, date: String, count: Int) async throws {
    let told = try await history(Self.kore("Europe/Berlin"), day, day) { asked in
      asked.contains("Hourly")
        ? "{\"results\":[\(Self.hours(date, 0))]}" : #"{"results":[{"date":"\#(date)","users":5}]}"#
    }
    let totals = told.totals("kore_engagement_hourly_users_total")
    #expect(totals.count == count)
    #expect(Set(totals.map { $0[0] }).count == count)
    let zone = try Zone(named: "Europe/Berlin")
    let end = zone.lastSecond(of: try #require(CivilDate(day)))
    #expect(
      told.gauges("kore_engagement_current_day_users", ["channel": "all"]) == [[Double(end), 5]]
    )
    #expect(totals.last?[1] == Double(end) + 1)
  }

  private static let samespace =
    "{name: t, vendor: samespace, url: \"https://s.test\", api_key: k, timezone: Asia/Kolkata, "
    + "dashboards: [{id: d1, insights: {i3: {metric: samespace_calls_total, help: Calls., "
    + "type: counter}}}]}"

  /// A counter has a past whatever its dashboard's range; what a dashboard's own ends cover is no
  /// day's.
  @Test func samespaceHasNoPastOfADashboardsOwnRange() async throws {
    let told = try await history(Self.samespace, "2026-01-31", "2026-01-31") { asked in
      guard asked.contains("GetInsightData") else {
        let insights = ["i1", "i3"].map { #"{"id":"\#($0)","template":{"type":"STAT"}}"# }
        return #"{"data":{"dashboard":{"startTime":"2026-01-01","endTime":1769884199999,"#
          + #""insights":[\#(insights.joined(separator: ","))]}}}"#
      }
      return #"{"data":{"getInsightData":{"data":[{"value":6}]}}}"#
    }
    #expect(told.keys == ["d1/i3 2026-01-31"])
    #expect(told.totals("samespace_calls_total") == [[1_769_797_800, 1_769_884_200, 6]])
    #expect(told.notes.map { $0.contains("\"custom\"") } == [true])
  }

  /// Each insight over its own time range as it ended with the day: midnight in India is 18:30 UTC.
  @Test func samespaceAsksForFixedRanges() async throws {
    let told = try await history(Self.samespace, "2026-01-31", "2026-01-31") { asked in
      guard asked.contains("GetInsightData") else {
        let insights = [("i1", "PAST_HOUR"), ("i2", "PAST_3_MONTHS"), ("i3", "TODAY")].map {
          #"{"id":"\#($0.0)","title":"T","timeRange":"\#($0.1)","template":{"type":"STAT"}}"#
        }
        return #"{"data":{"dashboard":{"insights":[\#(insights.joined(separator: ","))]}}}"#
      }
      return #"{"data":{"getInsightData":{"data":[{"value":6,"previousValue":4}]}}}"#
    }
    #expect(told.keys == ["d1/i1 2026-01-31", "d1/i3 2026-01-31"])
    let bodies = told.requests.compactMap(\.body).map { String(decoding: $0, as: UTF8.self) }
    #expect(bodies[1].contains(#""startTime":"2026-01-31T17:30:00.000Z""#))
    #expect(bodies[1].contains(#""endTime":"2026-01-31T18:30:00.000Z""#))
    #expect(bodies[2].contains(#""startTime":"2026-01-30T18:30:00.000Z""#))
    // The named range gives way to the fixed one (vendor page, "Get Insight Data").
    #expect(bodies[1].contains(#""timeRange":null"#))
    let end = 1_769_884_200.0
    let labels: LabelSet = [
      "dashboard": "d1", "insight": "i1", "title": "T", "time_range": "PAST_HOUR", "format": "",
    ]
    #expect(told.gauges("samespace_stat_value", labels) == [[end - 1, 6]])
    #expect(told.gauges("samespace_stat_previous_value", labels) == [[end - 1, 4]])
    #expect(told.totals("samespace_calls_total") == [[end - 86_400, end, 6]])
    #expect(told.notes.count == 1)
    #expect(told.notes.first?.contains("PAST_3_MONTHS") == true)
  }
}

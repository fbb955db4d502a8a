import CollectorKit
import Exposition
import HTTPTransport
import Ledger
import Synchronization
import TestSupport
import Testing

/// What becomes of each kind of value that Kore.ai's answers may have: the tables of decisions in the
/// README.
@Suite struct KoreAnswerTests {
  private static let target =
    "vendor: kore, url: \"https://platform.kore.ai\", bot_id: st-1, token: t"

  /// Polls at 2025-10-06T12:00:00Z; all requests have the same answer.
  private func poll(_ body: String, more: String = "") async throws -> [(String, PollOutcome.Part)]
  {
    let outcome = try await DecodedTarget("{name: t, \(Self.target)\(more)}").poll { _, _ in
      HTTPClientResponse(status: 200, body: Array(body.utf8))
    }
    return outcome.parts.map { ($0.key, $0.outcome) }
  }

  private func failures(_ parts: [(String, PollOutcome.Part)]) -> [String] {
    parts.compactMap { _, part in
      guard case .failure(let error) = part else { return nil }
      return "\(error.reason.rawValue): \(error.message)"
    }
  }

  private func values(_ parts: [(String, PollOutcome.Part)]) -> [PollOutcome.Values] {
    parts.compactMap { _, part in
      guard case .success(let values) = part else { return nil }
      return values
    }
  }

  /// Both parts, hours and days, fail: nothing of the answer can be used.
  @Test(arguments: [
    (
      #"{"date":"06.10.2025","users":1,"0 - 1":1}"#,
      #"no date of "results" can be read: the first is "06.10.2025", not such as Aug 06 2020"#
    ),
    (
      #"{"date":1759752000,"users":1,"0 - 1":1}"#,
      #"no date of "results" can be read: the first is no text, not such as Aug 06 2020"#
    ),
    (
      #"{"users":1,"0 - 1":1}"#,
      #"no date of "results" can be read: the first is missing, not such as Aug 06 2020"#
    ),
    (
      #"{"date":"Oct 04 2025","users":1,"0 - 1":1}"#,
      #"the days of "results" are 2025-10-04 to 2025-10-04, not 2025-10-05 to 2025-10-06 as asked for"#
    ),
    (
      #"{"date":"Oct 06 2025","users":"many","0 - 1":[1]}"#,
      #"no number of "results" can be read: the first is "#
    ),
  ])
  func theWholeAnswerIsUnreadable(_ row: String, _ cause: String) async throws {
    let parts = try await poll("{\"results\":[\(row),\(row)],\"totalResults\":2}")
    let failures = failures(parts)
    #expect(failures.count == 2)
    for failure in failures { #expect(failure.hasPrefix("decode: \(cause)"), "\(failure)") }
  }

  @Test func hoursAndUsersOfOtherNames() async throws {
    let parts = try await poll(#"{"results":[{"date":"Oct 06 2025","0h - 1h":3,"user":5}]}"#)
    #expect(
      failures(parts) == [
        #"decode: the rows of "results" have no hours such as "0 - 1"; there is "0h - 1h""#,
        #"decode: the rows of "results" have no "users""#,
      ]
    )
  }

  /// The second version's lists fail each for itself.
  @Test func newUsersOfWhichNoneCanBeRead() async throws {
    let row = #"{"date":"Oct 06 2025","users":1,"0 - 1":1}"#
    let odd = #"{"date":"today","users":1,"0 - 1":1}"#
    let parts = try await poll(
      """
      {"uniqueUsersTrend":{"dataPoints":[\(row)]},"newUsersTrend":{"dataPoints":[\(odd)]},
      "returningUsersTrend":{"dataPoints":[\(row)]}}
      """,
      more: ", api_version: 2"
    )
    #expect(failures(parts).count == 2)
    #expect(failures(parts).allSatisfy { $0.contains("no date of \"newUsersTrend\"") })
  }

  /// Some of an answer that cannot be read is left out and counted.
  @Test func someOfItIsUnreadable() async throws {
    let parts = try await poll(
      """
      {"results":[{"date":"Oct 06 2025","users":7,"0 - 1":7,"1 - 2":"x","24 - 25":1,"note":"n"},
      {"date":"?","users":1,"0 - 1":1},{"date":"Oct 05 2025","users":{},"2 - 3":null}]}
      """
    )
    let values = values(parts)
    try #require(values.count == 2)
    #expect(
      values[0].skipped == [
        #""24 - 25" of 2025-10-06 is no hour such as 0 - 1"#,
        #"users of 2025-10-06 1 - 2 is "x", not a number"#,
        #"the date of a row is "?", not such as Aug 06 2020"#,
      ]
    )
    #expect(values[1].skipped.count == 2)
  }

  /// None of this is a fault: no users yet, days that were not asked for, members of other names.
  @Test(arguments: [
    "", #"{"date":"Oct 06 2025","users":0,"0 - 1":0}"#,
    #"{"date":"Oct 06 2025","users":null,"0 - 1":null,"1 - 2":"","2 - 3":"-"}"#,
    #"{"date":"Oct 06 2025","users":"7","0 - 1":"7","weekday":"Monday","total":9}"#,
    #"{"date":"Oct 06 2025","users":7,"0 - 1":7},{"date":"Oct 01 2025","users":9,"0 - 1":9}"#,
  ])
  func aNormalAnswerSkipsNothing(_ rows: String) async throws {
    let parts = try await poll("{\"results\":[\(rows)],\"totalResults\":0}")
    let values = values(parts)
    #expect(values.count == 2)
    #expect(values.allSatisfy { $0.skipped.isEmpty && $0.rowsSkipped == 0 })
    // Only the days that were asked for are counted.
    let start = 1_759_622_400  // 2025-10-05T00:00:00Z
    #expect(values[0].observations.allSatisfy { $0.bucket.start >= start })
  }

  @Test func aDayThatIsNotThereIsReported() async throws {
    let parts = try await poll(#"{"results":[{"date":"Oct 05 2025","users":7,"0 - 1":7}]}"#)
    #expect(
      values(parts).flatMap(\.notes)
        == ["Hourly", "Daily"].map {
          "all/\($0): no users of today, 2025-10-06 in Etc/UTC: the latest day of the answer is "
            + "2025-10-05; check timezone and channels"
        }
    )
  }

  /// The vendor's dates are of another zone than the configured one.
  @Test func usersOfAnHourThatHasNotBegun() async throws {
    let parts = try await poll(#"{"results":[{"date":"Oct 06 2025","users":7,"15 - 16":7}]}"#)
    #expect(
      values(parts)[0].notes == [
        "all: users of 2025-10-06 15 - 16, an hour that has not begun in Etc/UTC: check timezone"
      ]
    )
  }

  @Test func usersOfAnHourThatTheClockLeavesOut() async throws {
    // New York, 2025-03-09: 02:00 to 03:00 is left out.
    let row = #"{"date":"Mar 09 2025","users":7,"1 - 2":5,"2 - 3":USERS}"#
    for (users, count) in [("0", 0), ("4", 1)] {
      let target = try DecodedTarget("{name: t, \(Self.target), timezone: America/New_York}")
      let body = "{\"results\":[\(row.replacing("USERS", with: users))]}"
      let client = ScriptedHTTPClient { _, _ in
        HTTPClientResponse(status: 200, body: Array(body.utf8))
      }
      let settings = try #require(target.settings)
      let time = SimulatedTime(unixTime: 1_741_550_400, participants: 0)
      let context = CollectionContext(
        client: VendorClient(http: client, gate: OpenGate(), time: time, settings: settings),
        time: time,
        log: LogRecorder().logger
      )
      let outcome = try await target.collector.collect(in: context)
      let values = values(outcome.parts.map { ($0.key, $0.outcome) })
      #expect(values[0].skipped.count == count)
    }
  }

  // MARK: Widgets

  private static let widget =
    ", widgets: [{dashboard: D, widget: W, mappings: [{metric: kore_a, help: A, value: v}, "
    + "{metric: kore_b, help: B, value: w}]}]"

  private func widget(_ rows: String) async throws -> PollOutcome.Part {
    let outcome = try await DecodedTarget("{name: t, \(Self.target)\(Self.widget)}").poll {
      request,
      _ in
      let body =
        request.url.contains("/widget/")
        ? "{\"queryResponse\":{\"queryResponse\":\(rows)}}" : #"{"results":[]}"#
      return HTTPClientResponse(status: 200, body: Array(body.utf8))
    }
    return try #require(outcome.parts.last).outcome
  }

  /// One mapping's figure keeps the part; without any the part fails.
  @Test func aWidgetOfWhichNothingCanBeRead() async throws {
    guard case .failure(let error) = try await widget(#"[{"x":1},{"x":2}]"#) else {
      Issue.record("the part did not fail")
      return
    }
    #expect(error.reason == .decode)
    #expect(error.message == "kore_a: no row has a column \"v\"; there are x")
    #expect(error.endpoint == "GET /api/public/bot/st-1/dashboard/D/widget/W")

    guard case .success(let values) = try await widget(#"[{"v":1},{"v":2}]"#) else {
      Issue.record("the part failed")
      return
    }
    #expect(values.families.map(\.name) == ["kore_a"])
    #expect(values.skipped == ["kore_b: no row has a column \"w\"; there are v"])
    #expect(values.rowsSkipped == 1)
  }

  @Test func columnsPastTheThousandthAreCounted() async throws {
    let members = (0..<1500).map { "\"c\($0)\":\($0)" }.joined(separator: ",")
    guard case .success(let values) = try await widget("[{\"v\":1,\"w\":2,\(members)}]") else {
      Issue.record("the part failed")
      return
    }
    #expect(values.skipped == ["values of more than 1000 columns"])
    #expect(values.rowsSkipped == 501)
  }

  /// The vendor's samples send it with GET as well (vendor page, "Sample Request for GET Call").
  @Test func everyRequestHasAContentType() async throws {
    let types = Mutex<[String: Set<String>]>([:])
    _ = try await DecodedTarget("{name: t, \(Self.target)\(Self.widget)}").poll { request, _ in
      let type = request.fields.first { $0.name.lowercased() == "content-type" }?.value ?? "none"
      types.withLock { _ = $0[request.method, default: []].insert(type) }
      return HTTPClientResponse(status: 200, body: Array("{}".utf8))
    }
    #expect(
      types.withLock { $0 } == ["GET": ["application/json"], "POST": ["application/json"]]
    )
  }
}

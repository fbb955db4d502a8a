import CollectorKit
import Exposition
import HTTPTransport
import Ledger
import Synchronization
import TestSupport
import Testing

/// When Samespace's dashboards are asked for again, and what is planned meanwhile.
@Suite struct SamespaceDiscoveryTests {
  /// A vendor whose dashboard changes, on a clock that the test moves.
  private final class Vendor: Sendable {
    let time = SimulatedTime(unixTime: ConformanceVendor.moment, participants: 0)
    let answers = Mutex<[String: String]>([:])
    let target: ConformanceTarget

    init(_ keys: [String] = ["<api_key>", "dashboards: [{id: d1}]"]) throws {
      let samespace = try ConformanceVendor.named("samespace")
      target = try ConformanceTarget(
        ConformanceVendor(
          name: "samespace",
          keys: keys,
          secrets: samespace.secrets,
          errorEnvelope: samespace.errorEnvelope,
          good: samespace.good
        )
      )
    }

    var plan: RequestPlan { target.collector.plan }

    /// Sets the dashboard's STAT insights.
    func has(_ insights: String...) {
      let list = insights.map { #"{"id":"\#($0)","template":{"type":"STAT"}}"# }
      let answer = #"{"data":{"dashboard":{"insights":[\#(list.joined(separator: ","))]}}}"#
      answers.withLock { $0["GetDashboard"] = answer }
    }

    /// Sets the answer to an insight, or to `GetDashboard`.
    func answers(_ question: String, _ answer: String) {
      answers.withLock { $0[question] = answer }
    }

    /// Polls once and gives what was asked, in order, and what came of it.
    func poll() async throws -> (asked: [String], outcome: PollOutcome) {
      let client = ScriptedHTTPClient { [self] request, _ throws(TransportError) in
        let answer = answers.withLock { $0[Vendor.question(request)] }
        return HTTPClientResponse(
          status: 200,
          body: Array((answer ?? #"{"data":{"getInsightData":{"data":[{"value":1}]}}}"#).utf8)
        )
      }
      let outcome = try await target.poll(client, time: time)
      return (client.requests.map(Vendor.question), outcome)
    }

    private static func question(_ request: HTTPClientRequest) -> String {
      let body = String(decoding: request.body ?? [], as: UTF8.self)
      guard let start = body.firstRange(of: #""insightId":""#) else { return "GetDashboard" }
      return String(body[start.upperBound...].prefix { $0 != "\"" })
    }
  }

  @Test func aDashboardIsAskedForAgainAfterTheInterval() async throws {
    let vendor = try Vendor(["<api_key>", "discovery_interval: 10m", "dashboards: [{id: d1}]"])
    vendor.has("a")
    #expect(try await vendor.poll().asked == ["GetDashboard", "a"])
    vendor.has("a", "b")
    vendor.time.advance(by: 599)
    #expect(try await vendor.poll().asked == ["a"])
    vendor.time.advance(by: 1)
    #expect(try await vendor.poll().asked == ["GetDashboard", "a", "b"])
    vendor.time.advance(by: 60)
    #expect(try await vendor.poll().asked == ["a", "b"])
  }

  @Test func theIntervalIsAnHourWhereNoneIsGiven() async throws {
    let vendor = try Vendor()
    vendor.has("a")
    _ = try await vendor.poll()
    vendor.time.advance(by: 3599)
    #expect(try await vendor.poll().asked == ["a"])
    vendor.time.advance(by: 1)
    #expect(try await vendor.poll().asked == ["GetDashboard", "a"])
  }

  @Test func anInsightThatIsGoneIsNoLongerListed() async throws {
    let vendor = try Vendor()
    vendor.has("a", "b")
    _ = try await vendor.poll()
    vendor.has("b")
    vendor.answers("a", #"{"errors":[{"message":"Insight not found"}]}"#)
    let failing = try await vendor.poll()
    #expect(failing.asked == ["a", "b"])
    #expect(failing.outcome.parts.map(\.key) == ["d1/a", "d1/b"])
    let after = try await vendor.poll()
    #expect(after.asked == ["GetDashboard", "b"])
    #expect(after.outcome.parts.map(\.key) == ["dashboard d1", "d1/b"])
    #expect(after.outcome.failure == nil)
  }

  /// What concerns one answer and not the insight's existence asks for nothing more.
  @Test(arguments: ["", "<html></html>", #"{"data":{"getInsightData":{"data":[]}}}"#])
  func anotherFailureIsNoReasonToAskAgain(_ answer: String) async throws {
    let vendor = try Vendor()
    vendor.has("a")
    vendor.answers("a", answer)
    _ = try await vendor.poll()
    #expect(try await vendor.poll().asked == ["a"])
  }

  @Test func aFailedDiscoveryIsTriedAgainAndTheKnownInsightsAreStillAsked() async throws {
    let vendor = try Vendor()
    vendor.has("a")
    _ = try await vendor.poll()
    vendor.time.advance(by: 3600)
    vendor.answers("GetDashboard", #"{"data":{"dashboard":null}}"#)
    for _ in 0..<2 {
      let (asked, outcome) = try await vendor.poll()
      #expect(asked == ["GetDashboard", "a"])
      #expect(outcome.failures.map(\.reason) == [.vendorError])
      #expect(outcome.families.map(\.name) == ["samespace_stat_value"])
    }
  }

  @Test func partialDataWithoutAListKeepsTheKnownInsights() async throws {
    let vendor = try Vendor()
    vendor.has("a")
    _ = try await vendor.poll()
    vendor.time.advance(by: 3600)
    vendor.answers(
      "GetDashboard",
      #"{"errors":[{"message":"insights: timeout"}],"data":{"dashboard":{"insights":null}}}"#
    )
    let (asked, outcome) = try await vendor.poll()
    #expect(asked == ["GetDashboard", "a"])
    #expect(outcome.failure?.message == "insights: timeout")
  }

  @Test func thePlanIsAnEstimateUntilTheDashboardsAreKnown() async throws {
    let vendor = try Vendor([
      "<api_key>", "discovery_interval: 30m",
      "dashboards: [{id: d1, insights: {a: {metric: samespace_a, help: A.}}}]",
    ])
    let discovery = RequestPlan.Entry("discovery", requests: 1, every: 1800)
    #expect(
      vendor.plan
        == RequestPlan([RequestPlan.Entry("insights", requests: 1), discovery], isEstimate: true)
    )
    vendor.has("a", "b", "c")
    _ = try await vendor.poll()
    #expect(vendor.plan == RequestPlan([RequestPlan.Entry("insights", requests: 3), discovery]))
    // Three insights a minute and one discovery every half an hour.
    #expect(vendor.plan.requests(in: 3600, interval: 60) == 182)
  }

  /// Midnight in Kolkata is 18:30 UTC: whenever the answer comes, it is of the day that was asked for.
  @Test(arguments: [
    (before: 300.0, waits: 60.0), (before: 300, waits: 600), (before: 1, waits: 2),
    (before: 60, waits: 0),
  ])
  func anAnswerIsOfTheDayThatWasAskedFor(_ point: (before: Double, waits: Double)) async throws {
    let vendor = try Vendor([
      "<api_key>", "timezone: Asia/Kolkata",
      "dashboards: [{id: d1, insights: "
        + "{a: {metric: samespace_calls_total, help: Calls., type: counter}}}]",
    ])
    vendor.has("a")
    _ = try await vendor.poll()
    let midnight = ConformanceVendor.moment + 8.5 * 3600
    vendor.time.step(unixTime: midnight - point.before)
    let slow = ScriptedHTTPClient { _, _ throws(TransportError) in
      vendor.time.advance(by: point.waits)
      return HTTPClientResponse(
        status: 200,
        body: Array(#"{"data":{"getInsightData":{"data":[{"value":7}]}}}"#.utf8)
      )
    }
    let outcome = try await vendor.target.poll(slow, time: vendor.time)
    let buckets = outcome.successes.flatMap(\.observations).map(\.bucket)
    #expect(buckets.first?.end == Int64(midnight))
    let body = String(decoding: slow.requests.first?.body ?? [], as: UTF8.self)
    #expect(body.contains(#""startTime":"2026-01-14T18:30:00.000Z""#))
    #expect(body.contains(#""timeRange":null"#))
  }
}

import CollectorKit
import HTTPTransport
import Ledger
import TestSupport
import Testing

/// The totals of days that were missed, of every endpoint that has some.
@Suite struct PastDayTests {
  private struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let place: Int
    /// The parts that are asked for.
    let parts: [String]
    /// What is observed of 2026-01-14, without its bucket.
    let totals: [String]
    /// A text that the last request holds, and that says which day is meant.
    let asked: String
  }

  private static let cases = [
    Case(
      testDescription: "Rocket.Chat's abandoned chats",
      place: 0,
      parts: ["all/Total_conversations", "all/chats-totalizers"],
      totals: [
        "rocketchat_omnichannel_abandoned_chats_total 3",
        "rocketchat_omnichannel_conversations_total 3",
      ],
      // The day's chats are those since it began less those since the next one did.
      asked: "start=2026-01-15T00%3A00%3A00.000Z&end="
    ),
    Case(
      testDescription: "Kore.ai's new users",
      place: 1,
      parts: ["all", "all/Daily"],
      totals: ["kore_engagement_new_users_total 40"],
      asked: "start_date=2026-01-14&end_date=2026-01-14"
    ),
    Case(
      testDescription: "Kore.ai's widgets",
      place: 2,
      parts: ["all", "widget D/long"],
      totals: ["kore_records_total 53"],
      asked: "startDate=2026-01-14&endDate=2026-01-14&limit=50&skip=50"
    ),
    Case(
      testDescription: "Samespace's reports",
      place: 3,
      parts: ["report r1"],
      totals: ["samespace_calls_total 1", "samespace_calls_total 1"],
      // The day in Kolkata.
      asked: #""startTime":"2026-01-13T18:30:00.000Z""#
    ),
  ]

  private func close(
    _ target: ConformanceTarget,
    except parts: Set<String> = []
  ) async throws -> (outcome: PollOutcome, requests: [HTTPClientRequest]) {
    let collector = try #require(target.collector as? any DayClosing)
    let client = target.client()
    let time = SimulatedTime(unixTime: ConformanceVendor.moment, participants: 0)
    let context = CollectionContext(
      client: VendorClient(http: client, gate: OpenGate(), time: time, settings: target.settings),
      time: time,
      log: LogRecorder().logger
    )
    let day = try #require(CivilDate(year: 2026, month: 1, day: 14))
    let outcome = try await collector.closingTotals(of: day, except: parts, in: context)
    let start = collector.dayZone.startOfDay(day)
    for total in outcome.successes.flatMap(\.observations) {
      #expect(total.bucket.start >= start && total.bucket.end <= start + 86_400)
    }
    return (outcome, client.requests)
  }

  @Test(arguments: cases)
  private func totals(_ test: Case) async throws {
    let target = try ConformanceTarget(ConformanceVendor.variants[test.place])
    _ = try await target.poll(target.client())
    let (outcome, requests) = try await close(target)
    #expect(outcome.failures.isEmpty)
    #expect(outcome.families.isEmpty)
    #expect(outcome.parts.map(\.key) == test.parts)
    let totals = outcome.successes.flatMap(\.observations).map { total in
      "\(total.family.name) \(Int(total.value))"
    }
    #expect(totals.sorted() == test.totals)
    let last = try #require(requests.last)
    #expect((last.url + String(decoding: last.body ?? [], as: UTF8.self)).contains(test.asked))
    // What an earlier attempt has brought is not asked for again.
    let (again, none) = try await close(target, except: Set(test.parts))
    #expect(again.parts.isEmpty)
    #expect(none.isEmpty)
  }
}

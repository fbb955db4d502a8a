import CollectorKit
import HTTPTransport
import Ledger
import Logging
import TestSupport
import Testing

/// What a day's end asks of the cards.
@Suite struct ExperiaCardTests {
  private func vendor(_ cards: String, periods: String = "weekly") -> ConformanceVendor {
    ConformanceVendor(
      name: "experia",
      keys: ["<api_key>", "periods: [\(periods)]", "cards: [\(cards)]"],
      secrets: [("api_key", "experia-s3cr3t-Qk7")],
      errorEnvelope: "{}",
      good: { request in
        request.url.hasSuffix("/CARDTOTALCLOSEDSESSIONS")
          ? """
          {"status":"SUCCESS","cardContent":[{"type":"whatsapp","created_date":"2026-01-14T10:00:00Z",
          "taken_date":"2026-01-14T10:00:10Z","ended_date":"2026-01-14T10:02:00Z"}]}
          """ : #"{"status":"SUCCESS","totalSessions":458,"cardContent":[]}"#
      }
    )
  }

  private func close(
    _ vendor: ConformanceVendor
  ) async throws -> (outcome: PollOutcome, requests: [HTTPClientRequest]) {
    let target = try ConformanceTarget(vendor)
    let collector = try #require(target.collector as? any DayClosing)
    let client = target.client()
    let time = SimulatedTime(unixTime: ConformanceVendor.moment, participants: 0)
    let context = CollectionContext(
      client: VendorClient(http: client, gate: OpenGate(), time: time, settings: target.settings),
      time: time,
      log: LogRecorder().logger
    )
    let day = try #require(CivilDate(year: 2026, month: 1, day: 14))
    return (try await collector.closingTotals(of: day, except: [], in: context), client.requests)
  }

  @Test func theDayIsNamed() async throws {
    let counter = "mapping: {metric: experia_x_total, help: X., type: counter}"
    let (outcome, requests) = try await close(
      vendor("{card: CARDTOTALCLOSEDSESSIONS, \(counter)}, {card: CARDTAGS}")
    )
    #expect(
      requests.map(\.url) == ["https://vendor.test/base/v2/dashboard/CARDTOTALCLOSEDSESSIONS"]
    )
    let body = String(decoding: requests.first?.body ?? [], as: UTF8.self)
    #expect(body.contains(#""filter":"2026-01-14 to 2026-01-14""#))
    let values = try #require(outcome.successes.first)
    #expect(values.families.isEmpty)
    #expect(values.observations.count == 1 + 2 * 11 + 1)
    // 2026-01-14 of +03:00.
    let bucket = Bucket(start: 1_768_338_000, end: 1_768_424_400)
    #expect(values.observations.allSatisfy { $0.bucket == bucket })
    let sums = values.observations.filter { $0.family.name.hasSuffix("_sum") }
    #expect(sums.map(\.value) == [10, 110])
    #expect(values.observations.first { $0.family.name == "experia_x_total" }?.value == 1)
  }

  /// Without a counter the ledger has no use for a past day.
  @Test func nothingIsAskedInVain() async throws {
    let (outcome, requests) = try await close(
      vendor("{card: CARDTOTALCLOSEDSESSIONS, histograms: false}, {card: CARDTAGS}")
    )
    #expect(requests.isEmpty && outcome.parts.isEmpty)
    let (both, asked) = try await close(
      vendor("{card: CARDTOTALCLOSEDSESSIONS}", periods: "daily, weekly")
    )
    #expect(both.parts.count == 2 && asked.count == 2)
  }

  @Test func thePlanHasEachInterval() throws {
    let cards = "{card: CARDTAGS, interval: 15m}, {card: CARDNPS, interval: 1h}, {card: CARDFCR}"
    let target = try ConformanceTarget(vendor(cards, periods: "daily"))
    #expect(
      target.collector.plan.entries == [
        RequestPlan.Entry("views and periods", requests: 1),
        RequestPlan.Entry("cards", requests: 2, every: 900),
        RequestPlan.Entry("cards", requests: 1, every: 3600),
      ]
    )
  }
}

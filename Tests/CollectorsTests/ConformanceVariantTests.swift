import CollectorKit
import Exposition
import HTTPTransport
import TestSupport
import Testing

/// What holds for every endpoint, also those that a minimal configuration does not ask.
@Suite struct ConformanceVariantTests {
  private static let places = ConformanceVendor.variants.indices

  private func target(_ place: Int) throws -> ConformanceTarget {
    try ConformanceTarget(ConformanceVendor.variants[place])
  }

  @Test(arguments: places)
  func aGoodPoll(_ place: Int) async throws {
    let target = try target(place)
    let client = target.client()
    let outcome = try await target.poll(client)
    #expect(outcome.failures.isEmpty)
    #expect(outcome.totals.count == Set(outcome.totals).count)
    // What is in the plan is what is asked, once the pages and insights are known.
    #expect(!target.collector.plan.isEstimate)
    let second = target.client()
    _ = try await target.poll(second)
    let recurring = target.collector.plan.entries.filter { $0.every == nil }
    #expect(second.requests.count == recurring.reduce(0) { $0 + $1.requests })
    try await target.expectGoodPoll()
  }

  /// Whichever request fails, its part alone fails, or the poll ends; what is served stays valid.
  @Test(arguments: places, ConformanceFailure.all)
  func whicheverRequestFails(_ place: Int, _ failure: ConformanceFailure) async throws {
    let fresh = try target(place)
    let counting = fresh.client()
    _ = try await fresh.poll(counting)
    let good = fresh.vendor.good
    for index in 0..<counting.requests.count {
      let target = try target(place)
      let vendor = target.vendor
      let client = ScriptedHTTPClient { request, count throws(TransportError) in
        if count == index { return try failure.answer(vendor, request) }
        return HTTPClientResponse(
          status: 200,
          fields: [HTTPField("Content-Type", "application/json")],
          body: Array(good(request).utf8)
        )
      }
      let outcome = try await target.poll(client)
      #expect(outcome.failures.map(\.reason) == [failure.reason], "request \(index)")
      #expect(outcome.failures.allSatisfy { !$0.endpoint.isEmpty && $0.message.count > 5 })
      if failure.reason.endsPoll {
        #expect(client.requests.count == index + 1)
      } else {
        #expect(outcome.skippedCount == 0)
      }
      #expect(ExpositionValidator().problems(in: outcome.families).isEmpty)
      try await target.expectGoodPoll()
    }
  }

  @Test(arguments: places, 0..<2)
  func cancellationEndsThePoll(_ place: Int, index: Int) async throws {
    let target = try target(place)
    let good = target.vendor.good
    let client = ScriptedHTTPClient { request, count throws(TransportError) in
      guard count < index else { throw TransportError(code: .cancelled, message: "cancelled") }
      return HTTPClientResponse(status: 200, body: Array(good(request).utf8))
    }
    await #expect(throws: CancellationError.self) { _ = try await target.poll(client) }
    #expect(client.requests.count == index + 1)
    try await target.expectGoodPoll()
  }
}

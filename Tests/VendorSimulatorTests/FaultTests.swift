import Testing

@testable import VendorSimulator

@Suite("Faults")
struct FaultTests {
  /// A request that is right for the vendor.
  private func ask(
    _ vendor: SimulatedVendor,
    _ fixture: SimulatorFixture
  ) throws -> SimulatorClient.Reply {
    switch vendor {
    case .experia: try fixture.experia(#"{"filter":"daily"}"#)
    case .rocketchat:
      try fixture.rocketChat("start=2026-01-13&end=2026-01-14&chartName=Total_messages")
    case .samespace:
      try fixture.samespace(
        "{ dashboard(id: \"64708408b289a50051bd6781\") { id title: timeRange } }"
      )
    case .kore:
      try fixture.kore("POST", "userEngagementTrend?start_date=2026-01-14&end_date=2026-01-14")
    }
  }

  /// Runs a body with a fault set, then expects the vendor to be well again.
  private func with(
    _ fault: Fault,
    _ vendor: SimulatedVendor,
    _ body: (SimulatorFixture) throws -> Void
  ) async throws {
    try await SimulatorFixture.run { fixture throws in
      fixture.simulator.setFault(fault, for: vendor)
      try body(fixture)
      fixture.simulator.setFault(nil, for: vendor)
      #expect(try ask(vendor, fixture).status == 200)
    }
  }

  @Test("Refusals have the vendor's own status and envelope", arguments: SimulatedVendor.allCases)
  func refusals(vendor: SimulatedVendor) async throws {
    let statuses: [(Fault, Int)] = [
      (.refuse401, 401), (.refuse403, 403), (.internalError500, 500),
      (.rateLimited(retryAfter: nil), 429), (.errorEnvelopeWith200, 200),
    ]
    for (fault, status) in statuses {
      try await with(fault, vendor) { fixture throws in
        let reply = try ask(vendor, fixture)
        #expect(reply.status == status)
        let json = try reply.json()
        switch vendor {
        case .experia: #expect(json["status"]?.text == "ERROR")
        case .rocketchat: #expect(json["success"] == false)
        case .samespace: #expect(json["success"] == false || json["errors"]?.elements != nil)
        case .kore: #expect(json["errors"]?.elements?.first?["msg"]?.text != nil)
        }
        #expect(reply.field("Retry-After") == nil)
      }
    }
  }

  @Test("The hint when to come again is where the fault says", arguments: SimulatedVendor.allCases)
  func retryAfter(vendor: SimulatedVendor) async throws {
    try await with(.rateLimited(retryAfter: .seconds(17)), vendor) { fixture throws in
      #expect(try ask(vendor, fixture).field("Retry-After") == "17")
    }
    try await with(.rateLimited(retryAfter: .date(secondsAhead: 90)), vendor) { fixture throws in
      let reply = try ask(vendor, fixture)
      #expect(reply.status == 429)
      #expect(reply.field("Retry-After") == "Wed, 14 Jan 2026 09:31:30 GMT")
    }
    let milliseconds = Fault.RetryAfter.rocketChatResetMilliseconds(secondsAhead: 30)
    try await with(.rateLimited(retryAfter: milliseconds), vendor) { fixture throws in
      #expect(try ask(vendor, fixture).field("X-RateLimit-Reset") == "1768383030000")
    }
    try await with(.rateLimited(retryAfter: .textOnly(42)), vendor) { fixture throws in
      let reply = try ask(vendor, fixture)
      #expect(reply.text.contains("You must wait 42 seconds"))
      #expect(reply.field("Retry-After") == nil)
    }
  }

  @Test("Answers that are no answer", arguments: SimulatedVendor.allCases)
  func brokenBodies(vendor: SimulatedVendor) async throws {
    try await with(.htmlWith200, vendor) { fixture throws in
      let reply = try ask(vendor, fixture)
      #expect(reply.status == 200)
      #expect(reply.field("Content-Type")?.hasPrefix("text/html") == true)
      #expect(reply.text.hasPrefix("<!DOCTYPE html>"))
    }
    try await with(.unavailable503, vendor) { fixture throws in
      let reply = try ask(vendor, fixture)
      #expect(reply.status == 503)
      #expect(reply.field("Content-Type")?.hasPrefix("text/html") == true)
    }
    try await with(.notJSON, vendor) { fixture throws in
      let reply = try ask(vendor, fixture)
      #expect(reply.status == 200)
      #expect(reply.field("Content-Type")?.hasPrefix("application/json") == true)
      #expect(JSONValue(parsing: reply.body) == nil)
    }
    try await with(.emptyBody, vendor) { fixture throws in
      let reply = try ask(vendor, fixture)
      #expect(reply.status == 200)
      #expect(reply.body.isEmpty)
    }
    try await with(.redirect(to: "http://127.0.0.2:1/"), vendor) { fixture throws in
      let reply = try ask(vendor, fixture)
      #expect(reply.status == 302)
      #expect(reply.field("Location") == "http://127.0.0.2:1/")
    }
    try await with(.truncatedJSON, vendor) { fixture throws in
      let half = try ask(vendor, fixture)
      fixture.simulator.setFault(nil, for: vendor)
      let whole = try ask(vendor, fixture)
      #expect(half.status == 200)
      #expect(!half.body.isEmpty && half.body.count < whole.body.count)
      #expect(whole.body.starts(with: half.body))
      #expect(JSONValue(parsing: half.body) == nil)
    }
  }

  @Test(
    "A huge body has exactly the size that was asked for",
    arguments: [
      2, 1000, 1_048_578, 5_000_000,
    ]
  )
  func huge(bytes: Int) async throws {
    try await with(.hugeBody(bytes: bytes), .kore) { fixture throws in
      let reply = try ask(.kore, fixture)
      #expect(reply.status == 200)
      #expect(reply.body.count == bytes)
      #expect(reply.field("Content-Length") == String(bytes))
      #expect(reply.body.first == UInt8(ascii: "\""))
      #expect(reply.body.last == UInt8(ascii: "\""))
    }
  }

  @Test("A reset is a reset", arguments: SimulatedVendor.allCases)
  func reset(vendor: SimulatedVendor) async throws {
    try await with(.reset, vendor) { fixture throws in
      #expect(throws: SimulatorClient.Failure.reset) { try ask(vendor, fixture) }
    }
  }

  @Test("A vendor that hangs says nothing, the others go on, and shutdown does not wait for it")
  func hang() async throws {
    try await SimulatorFixture.run { fixture throws in
      fixture.simulator.setFault(.hang, for: .kore)
      var hasty = fixture.client
      hasty.patience = 1
      #expect(throws: SimulatorClient.Failure.timedOut) {
        try hasty.send("POST", "/api/public/bot/st-1/userEngagementTrend")
      }
      #expect(try ask(.experia, fixture).status == 200)
      #expect(fixture.simulator.requests(.kore).map(\.status) == [nil])
    }
  }

  @Test("Quirks of one vendor")
  func quirks() async throws {
    try await with(.emptyArrays, .rocketchat) { fixture throws in
      let json = try ask(.rocketchat, fixture).json()
      #expect(json["dataLabels"] == [])
      #expect(json["dataPoints"] == [])
      #expect(json["success"] == true)
    }
    try await with(.nullDashboard, .samespace) { fixture throws in
      #expect(try ask(.samespace, fixture).text == #"{"data":{"dashboard":null}}"#)
    }
    try await with(.nullInsight, .samespace) { fixture throws in
      let reply = try fixture.samespace(
        "{ getInsightData(dashboardId: \"64708408b289a50051bd6781\", "
          + "insightId: \"6470840db289a50051bd67e6\") }"
      )
      #expect(reply.text == #"{"data":{"getInsightData":null}}"#)
      #expect(try ask(.samespace, fixture).json()["data"]?["dashboard"]?["id"] != nil)
    }
    try await with(.usersAsStrings, .kore) { fixture throws in
      let day = try #require(try ask(.kore, fixture).json()["results"]?.elements?.first)
      #expect(day["8 - 9"]?.text.flatMap { Int($0) } != nil)
    }
    try await with(.skipIgnored, .kore) { fixture throws in
      let target = "dashboard/Operations/widget/Intents?startDate=2026-01-14&endDate=2026-01-14"
      let first = try fixture.kore("GET", target + "&limit=50").json()["queryResponse"]
      let second = try fixture.kore("GET", target + "&limit=50&skip=1").json()["queryResponse"]
      #expect(first?["queryResponse"]?.elements?.count == 50)
      #expect(first == second)
    }
  }

  @Test("A fault of another vendor, and one without meaning here, change nothing")
  func unaffected() async throws {
    try await SimulatorFixture.run { fixture throws in
      let usual = try ask(.experia, fixture).body
      fixture.simulator.setFault(.refuse401, for: .kore)
      fixture.simulator.setFault(.usersAsStrings, for: .experia)
      #expect(try ask(.experia, fixture).body == usual)
      #expect(try ask(.kore, fixture).status == 401)
    }
  }

  @Test("A fault can last for some requests only")
  func times() async throws {
    try await SimulatorFixture.run { fixture throws in
      fixture.simulator.setFault(.internalError500, for: .experia, times: 2)
      let statuses = try (0..<4).map { _ in try ask(.experia, fixture).status }
      #expect(statuses == [500, 500, 200, 200])
      fixture.simulator.setFault(.internalError500, for: .experia, times: 0)
      #expect(try ask(.experia, fixture).status == 200)
      #expect(fixture.simulator.requests(.experia).map(\.status) == [500, 500, 200, 200, 200])
    }
  }
}

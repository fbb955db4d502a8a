import Testing

@testable import VendorSimulator

@Suite("Rate limits")
struct LimitTests {
  private static let charts = "start=2026-01-13&end=2026-01-14&chartName=Total_messages"

  @Test("Experia: 200 an hour, 429 without a hint, and the window slides")
  func experia() async throws {
    try await SimulatorFixture.run { fixture throws in
      func ask() throws -> SimulatorClient.Reply { try fixture.experia(#"{"filter":"daily"}"#) }
      for _ in 0..<100 { #expect(try ask().status == 200) }
      fixture.clock.advance(1800)
      for _ in 0..<100 { #expect(try ask().status == 200) }
      let refused = try ask()
      #expect(refused.status == 429)
      #expect(refused.field("Retry-After") == nil)
      #expect(try refused.json()["status"]?.text != "SUCCESS")
      // Cards share the key's budget.
      #expect(try fixture.experia("{}", path: "/v2/dashboard/CARDTAGS").status == 429)
      fixture.clock.advance(1800)
      for _ in 0..<100 { #expect(try ask().status == 200) }
      #expect(try ask().status == 429)
      #expect(fixture.simulator.requestCount(.experia) == 303)
    }
  }

  @Test("Experia: a wrong key takes nothing from the right one")
  func wrongKey() async throws {
    let limit = RequestLimit(requests: 1, window: 60)
    try await SimulatorFixture.run(configure: { $0.experiaLimits = [limit] }) { fixture throws in
      #expect(try fixture.experia("{}", key: "wrong").status == 401)
      #expect(try fixture.experia(#"{"filter":"daily"}"#).status == 200)
      #expect(try fixture.experia(#"{"filter":"daily"}"#).status == 429)
    }
  }

  @Test("Rocket.Chat: ten a minute with the vendor's fields, and refused calls count")
  func rocketChat() async throws {
    try await SimulatorFixture.run { fixture throws in
      let start = Int(fixture.clock.now * 1000)
      for call in 1...10 {
        let reply = try fixture.rocketChat(LimitTests.charts)
        #expect(reply.status == 200)
        #expect(reply.field("X-RateLimit-Limit") == "10")
        #expect(reply.field("X-RateLimit-Remaining") == String(10 - call))
        #expect(reply.field("X-RateLimit-Reset") == String(start + 60_000))
      }
      fixture.clock.advance(20)
      let refused = try fixture.rocketChat(LimitTests.charts)
      #expect(refused.status == 429)
      #expect(refused.field("Retry-After") == nil)
      #expect(refused.field("X-RateLimit-Remaining") == "0")
      #expect(refused.field("X-RateLimit-Reset") == String(start + 60_000))
      #expect(
        try refused.json()["error"]?.text
          == "Error, too many requests. Please slow down. You must wait 40 seconds before trying "
          + "this endpoint again. [error-too-many-requests]"
      )
      for _ in 0..<9 { #expect(try fixture.rocketChat(LimitTests.charts).status == 429) }
      // The ten that were admitted are gone; the ten that were refused still count.
      fixture.clock.advance(41)
      #expect(try fixture.rocketChat(LimitTests.charts).status == 429)
      fixture.clock.advance(61)
      #expect(try fixture.rocketChat(LimitTests.charts).status == 200)
    }
  }

  @Test("Kore.ai: sixty a minute and 1800 an hour, each with its text")
  func kore() async throws {
    let limits = [
      RequestLimit(requests: 6, window: 60), RequestLimit(requests: 18, window: 3600),
    ]
    try await SimulatorFixture.run(configure: { $0.koreLimits = limits }) { fixture throws in
      func ask() throws -> SimulatorClient.Reply {
        try fixture.kore("POST", "userEngagementTrend?start_date=2026-01-14&end_date=2026-01-14")
      }
      func message(_ reply: SimulatorClient.Reply) throws -> String? {
        try reply.json()["errors"]?.elements?.first?["msg"]?.text
      }
      for _ in 0..<3 {
        for _ in 0..<6 { #expect(try ask().status == 200) }
        let refused = try ask()
        #expect(refused.status == 429)
        #expect(try message(refused)?.contains("per-minute") == true)
        fixture.clock.advance(61)
      }
      let refused = try ask()
      #expect(refused.status == 429)
      #expect(try message(refused)?.contains("hourly") == true)
      // A refused call takes no place: one hour after the first six there is room for six.
      fixture.clock.advance(3600 - 183)
      for _ in 0..<6 { #expect(try ask().status == 200) }
      #expect(try ask().status == 429)
    }
    #expect(
      SimulatorConfiguration().koreLimits == [
        RequestLimit(requests: 60, window: 60), RequestLimit(requests: 1800, window: 3600),
      ]
    )
  }

  @Test("Samespace has no limit")
  func samespace() async throws {
    try await SimulatorFixture.run { fixture throws in
      for _ in 0..<300 {
        #expect(try fixture.samespace("{ dashboard(id: \"x\") { id } }").status == 200)
      }
      #expect(fixture.simulator.requestCount(.samespace) == 300)
      #expect(fixture.simulator.requestCount(.kore) == 0)
    }
  }

  @Test("Requests are on record with their time")
  func record() async throws {
    try await SimulatorFixture.run { fixture throws in
      let start = fixture.clock.now
      _ = try fixture.experia("{}")
      fixture.clock.advance(12.5)
      _ = try fixture.experia(#"{"filter":"daily"}"#)
      #expect(fixture.simulator.requestTimes(.experia) == [start, start + 12.5])
      #expect(fixture.simulator.requests(.experia).map(\.status) == [400, 200])
      #expect(
        fixture.simulator.requests(.experia).map(\.path) == ["/v2/dashboard", "/v2/dashboard"]
      )
      #expect(try fixture.client.send("GET", "/elsewhere").status == 404)
      #expect(fixture.simulator.requestCount(.experia) == 2)
    }
  }
}

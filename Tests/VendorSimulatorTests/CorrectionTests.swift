import Testing

@testable import VendorSimulator

@Suite("Corrections")
struct CorrectionTests {
  @Test("Experia's total falls by what was taken back, for that day only")
  func experia() async throws {
    try await SimulatorFixture.run { fixture throws in
      func sessions(_ filter: String) throws -> Int {
        let json = try fixture.experia(#"{"filter":"\#(filter)"}"#).json()
        return try #require(json["totalSessions"]?.int)
      }
      let today = try sessions("daily")
      let yesterday = try sessions("2026-01-13 to 2026-01-13")
      let week = try sessions("weekly")
      #expect(
        fixture.simulator.correct("totalSessions", of: .experia, day: "2026-01-14", by: -20)
      )
      #expect(try sessions("daily") == today - 20)
      #expect(try sessions("2026-01-13 to 2026-01-13") == yesterday)
      #expect(try sessions("weekly") == week - 20)
      fixture.simulator.correct("totalSessions", of: .experia, day: "2026-01-14", by: -100_000)
      #expect(try sessions("daily") == 0)
    }
  }

  @Test("The other vendors' figures follow too")
  func others() async throws {
    try await SimulatorFixture.run { fixture throws in
      let simulator = fixture.simulator
      let rooms = try #require(
        simulator.rocketChatTruth(chart: "Total_conversations", day: "2026-01-13")
      )
      let messages = try #require(
        simulator.rocketChatTruth(chart: "Total_messages", day: "2026-01-13")
      )
      simulator.correct("Total_messages", of: .rocketchat, day: "2026-01-13", by: 33)
      #expect(
        simulator.rocketChatTruth(chart: "Total_messages", day: "2026-01-13") == messages + 33
      )
      #expect(
        simulator.rocketChatTruth(chart: "Total_conversations", day: "2026-01-13") == rooms
      )
      let users = try #require(simulator.koreUsers(day: "2026-01-14", hour: 8))
      simulator.correct("users", of: .kore, day: "2026-01-14", hour: 8, by: 5)
      #expect(simulator.koreUsers(day: "2026-01-14", hour: 8) == users + 5)
      let insight = SimulatedIdentifiers.samespaceStatInsights[0]
      let value = try #require(simulator.samespaceTruth(insight: insight)).value
      // 09:30 in UTC is 15:00 in India.
      simulator.correct(insight, of: .samespace, day: "2026-01-14", hour: 14, by: 9)
      #expect(try #require(simulator.samespaceTruth(insight: insight)).value == value + 9)
    }
  }

  @Test(
    "What cannot be corrected says so",
    arguments: [
      ("totalSession", SimulatedVendor.experia, "2026-01-14", 0),
      ("totalSessions", .experia, "2026-01-32", 0), ("totalSessions", .experia, "2026-01-14", 24),
      ("totalSessions", .kore, "2026-01-14", 0), ("users", .samespace, "2026-01-14", 0),
    ]
  )
  func unknown(field: String, vendor: SimulatedVendor, day: String, hour: Int) async throws {
    try await SimulatorFixture.run { fixture throws in
      #expect(!fixture.simulator.correct(field, of: vendor, day: day, hour: hour, by: 1))
    }
  }
}

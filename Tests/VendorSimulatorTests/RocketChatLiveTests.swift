import Testing

@testable import VendorSimulator

@Suite("Rocket.Chat's live endpoints")
struct RocketChatLiveTests {
  private static let root = "/api/v1/livechat/analytics/dashboards/"
  private static let day = "start=2026-01-14T00:00:00.000Z&end=2026-01-14T23:59:59.999Z"

  private func totalizers(_ json: JSONValue) throws -> [String: JSONValue] {
    let entries = try #require(json["totalizers"]?.elements)
    return Dictionary(
      try entries.map { (try #require($0["title"]?.text), try #require($0["value"])) }
    ) { $1 }
  }

  @Test("Chats by state are the day's conversations")
  func chats() async throws {
    try await SimulatorFixture.run { fixture throws in
      let json = try fixture.rocketChat(Self.day, path: Self.root + "charts/chats").json()
      #expect(json.names == ["closed", "onhold", "open", "queued", "success"])
      let states = ["open", "closed", "queued", "onhold"].compactMap { json[$0]?.int }
      #expect(states.count == 4 && states.allSatisfy { $0 >= 0 })
      let total = fixture.simulator.rocketChatTruth(
        chart: "Total_conversations",
        day: "2026-01-14"
      )
      #expect(Double(states.reduce(0, +)) == total)
      let list = try totalizers(
        fixture.rocketChat(Self.day, path: Self.root + "conversation-totalizers").json()
      )
      #expect(list["Total_conversations"]?.double == total)
      #expect(
        list["Open_conversations"]?.int
          == (json["open"]?.int ?? 0) + (json["queued"]?.int ?? 0)
      )
    }
  }

  @Test("The overview takes dates of the workspace's zone, visitors and states take instants")
  func zones() async throws {
    // 01:30 in Kolkata, where the 15th has begun: the question for the 14th reads yesterday.
    try await SimulatorFixture.run(at: "2026-01-14T20:00:00Z") {
      $0.rocketChatOffsetMinutes = 330
    } _: { fixture throws in
      func list(_ query: String) throws -> [String: JSONValue] {
        try totalizers(
          fixture.rocketChat(query, path: Self.root + "conversation-totalizers").json()
        )
      }
      let chats = try fixture.rocketChat(Self.day, path: Self.root + "charts/chats").json()
      let alive = (chats["open"]?.int ?? 0) + (chats["queued"]?.int ?? 0)
      #expect(alive > 0)
      let asked = try list(Self.day)
      #expect(asked["Open_conversations"]?.int == 0)
      #expect((asked["Total_visitors"]?.int ?? 0) > 0)
      // A span of dates that covers now in every zone.
      let wide = try list("start=2026-01-13&end=2026-01-15")
      #expect(wide["Open_conversations"]?.int == alive)
    }
  }

  @Test("A chat that is open at the end of a span is not among its abandoned ones")
  func overMidnight() async throws {
    try await SimulatorFixture.run(at: "2026-01-15T09:00:00Z") {
      $0.rocketChatLimits = []
    } _: { fixture throws in
      func count(_ start: String, _ end: String) throws -> Int {
        let list = try totalizers(
          fixture.rocketChat("start=\(start)&end=\(end)", path: Self.root + "chats-totalizers")
            .json()
        )
        return try #require(list["Total_abandoned_chats"]?.int)
      }
      func hour(_ number: Int) -> String { "2026-01-14T\(number.padded(2)):00:00.000Z" }
      let (midnight, now) = ("2026-01-15T00:00:00.000Z", "2026-01-15T09:00:00.000Z")
      // Each hour lacks the chats that are open at its end; differences up to now lack none.
      let byHours = try (0..<23).reduce(0) { try $0 + count(hour($1), hour($1 + 1)) }
      let whole = try count(hour(0), now) - count(hour(23), now)
      #expect(whole > byHours)
      let differences = try (0..<23).reduce(0) {
        try $0 + count(hour($1), now) - count(hour($1 + 1), now)
      }
      #expect(differences == whole)
      #expect(try count(hour(0), now) >= count(hour(0), midnight) + count(midnight, now))
    }
  }

  @Test("Agents need no dates, and a department has its part of them")
  func agents() async throws {
    try await SimulatorFixture.run { fixture throws in
      func agents(_ query: String) throws -> JSONValue {
        try fixture.rocketChat(query, path: Self.root + "charts/agents-status").json()
      }
      func count(_ json: JSONValue) -> Int {
        ["offline", "away", "busy", "available"].compactMap { json[$0]?.int }.reduce(0, +)
      }
      #expect(try agents("")["_id"] == .null)
      #expect(count(try agents("")) == 24)
      #expect(count(try agents("departmentId=64181a0728384134ed600dcc")) == 10)
      #expect(try agents("departmentId=unknown").names == ["success"])
    }
  }

  @Test("Abandoned chats only ever grow through the day")
  func abandoned() async throws {
    try await SimulatorFixture.run(at: "2026-01-14T00:10:00Z") { fixture throws in
      var last = 0
      for _ in 0..<48 {
        let list = try totalizers(
          fixture.rocketChat(Self.day, path: Self.root + "chats-totalizers").json()
        )
        let count = try #require(list["Total_abandoned_chats"]?.int)
        #expect(count >= last)
        #expect(list["Avg_of_abandoned_chats"]?.text?.hasSuffix("%") ?? false)
        last = count
        fixture.clock.advance(1800)
      }
      #expect(last > 0)
    }
  }

  @Test("Times are clocks")
  func clocks() async throws {
    try await SimulatorFixture.run { fixture throws in
      let list = try totalizers(
        fixture.rocketChat(Self.day, path: Self.root + "productivity-totalizers").json()
      )
      #expect(
        list.keys.sorted() == [
          "Avg_first_response_time", "Avg_of_waiting_time", "Avg_reaction_time",
          "Avg_response_time",
        ]
      )
      #expect(list.values.allSatisfy { $0.text?.utf8.count == 8 })
      #expect(list["Avg_of_waiting_time"]?.text != "00:00:00")
    }
    #expect(RocketChatLive.clock(3599.7) == "00:59:60")
    #expect(RocketChatLive.clock(446_399) == "123:59:59")
  }

  @Test(
    "Dates are checked",
    arguments: [
      ("end=2026-01-14", 400), ("start=tomorrow&end=2026-01-14", 400),
      ("start=2026-01-14&end=2026-01-14&zone=UTC", 400), ("start=2026-01-14&end=2026-01-14", 200),
    ]
  )
  func dates(query: String, status: Int) async throws {
    try await SimulatorFixture.run { fixture throws in
      #expect(try fixture.rocketChat(query, path: Self.root + "charts/chats").status == status)
    }
  }

  @Test("Each route has its own limit")
  func limits() async throws {
    try await SimulatorFixture.run { fixture throws in
      for _ in 0..<10 {
        #expect(
          try fixture.rocketChat(Self.day, path: Self.root + "charts/chats").status == 200
        )
      }
      #expect(try fixture.rocketChat(Self.day, path: Self.root + "charts/chats").status == 429)
      #expect(try fixture.rocketChat("", path: Self.root + "charts/agents-status").status == 200)
    }
  }
}

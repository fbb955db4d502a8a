import Testing

@testable import VendorSimulator

@Suite("Rocket.Chat")
struct RocketChatTests {
  private func query(
    _ chart: String,
    _ start: String = "2026-01-13",
    _ end: String = "2026-01-14"
  ) -> String {
    "start=\(start)&end=\(end)&chartName=\(chart)"
  }

  private func labels(_ json: JSONValue) -> [String] {
    (json["dataLabels"]?.elements ?? []).compactMap(\.text)
  }

  private func points(_ json: JSONValue) -> [Double] {
    (json["dataPoints"]?.elements ?? []).compactMap(\.double)
  }

  @Test(
    "Every chart answers in the documented shape, with the truth",
    arguments: [
      "Total_conversations", "Avg_chat_duration", "Total_messages", "Avg_first_response_time",
      "Avg_reaction_time", "Best_first_response_time", "Avg_response_time",
    ]
  )
  func charts(chart: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.rocketChat(query(chart))
      #expect(reply.status == 200)
      let json = try reply.json()
      #expect(json.names == ["chartLabel", "dataLabels", "dataPoints", "success"])
      #expect(json["chartLabel"]?.text == chart)
      #expect(json["success"] == true)
      #expect(labels(json) == ["1/13", "1/14"])
      let points = points(json)
      try #require(points.count == 2)
      for (point, day) in zip(points, ["2026-01-13", "2026-01-14"]) {
        #expect(point > 0)
        #expect(point == fixture.simulator.rocketChatTruth(chart: chart, day: day))
        if chart.hasPrefix("Total") { #expect(point == point.rounded()) }
        // Seconds with at most two decimals.
        #expect(abs((point * 100).rounded() - point * 100) < 1e-6)
      }
    }
  }

  // The labels that the server's source gives for three days from 2025-10-01.
  @Test(
    "A workspace outside UTC gets one UTC day more",
    arguments: [
      (0, ["10/1", "10/2", "10/3"]), (180, ["9/30", "10/1", "10/2", "10/3"]),
      (120, ["9/30", "10/1", "10/2", "10/3"]), (330, ["9/30", "10/1", "10/2", "10/3"]),
      (-240, ["10/1", "10/2", "10/3", "10/4"]),
    ]
  )
  func extraDay(minutes: Int, expected: [String]) async throws {
    try await SimulatorFixture.run(configure: { $0.rocketChatOffsetMinutes = minutes }) {
      fixture throws in
      let json = try fixture.rocketChat(query("Total_messages", "2025-10-01", "2025-10-03")).json()
      #expect(labels(json) == expected)
      #expect(points(json).count == expected.count)
    }
  }

  @Test("One day gives 24 hours, the future ones 0, and their sum is the day")
  func hourly() async throws {
    try await SimulatorFixture.run { fixture throws in
      for chart in ["Total_conversations", "Total_messages"] {
        let json = try fixture.rocketChat(query(chart, "2026-01-14", "2026-01-14")).json()
        let labels = labels(json)
        let points = points(json)
        #expect(labels.count == 24 && points.count == 24)
        #expect(labels.first == "12AM-1AM")
        #expect(labels.last == "11PM-12AM")
        #expect(labels[12] == "12PM-1PM")
        #expect(points[10...].allSatisfy { $0 == 0 })
        let day = fixture.simulator.rocketChatTruth(chart: chart, day: "2026-01-14")
        #expect(points.reduce(0, +) == day)
      }
    }
  }

  @Test(
    "Ranges that run backwards: the day before is one day, more is nothing",
    arguments: [
      ("2026-01-14", "2026-01-13", 24), ("2026-01-14", "2026-01-12", 0),
      ("2026-1-14", "2026-01-14", 0),
      ("2026-01-14", "tomorrow", 0),
    ]
  )
  func backwards(start: String, end: String, count: Int) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.rocketChat(query("Total_conversations", start, end))
      #expect(reply.status == 200)
      let json = try reply.json()
      #expect(labels(json).count == count)
      #expect(points(json).count == count)
      #expect(json["success"] == true)
    }
  }

  @Test("An unknown chart is 200 with empty arrays")
  func unknownChart() async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.rocketChat(query("Total_unicorns"))
      #expect(reply.status == 200)
      #expect(
        reply.text
          == #"{"chartLabel":"Total_unicorns","dataLabels":[],"dataPoints":[],"success":true}"#
      )
    }
  }

  @Test(
    "Missing and unknown parameters are refused",
    arguments: [
      ("end=2026-01-14&chartName=Total_messages", "must have required property 'start'"),
      ("start=2026-01-14&chartName=Total_messages", "must have required property 'end'"),
      ("start=2026-01-14&end=2026-01-14", "must have required property 'chartName'"),
      (
        "start=2026-01-14&end=2026-01-14&chartName=Total_messages&count=1",
        "must NOT have additional properties"
      ),
    ]
  )
  func parameters(query: String, message: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.rocketChat(query)
      #expect(reply.status == 400)
      let json = try reply.json()
      #expect(json["success"] == false)
      #expect(json["errorType"]?.text == "error-invalid-params")
      #expect(json["error"]?.text == message)
    }
  }

  @Test("A department has its part, an unknown one nothing, `undefined` is none")
  func departments() async throws {
    try await SimulatorFixture.run { fixture throws in
      func total(_ department: String) throws -> Double {
        let json = try fixture.rocketChat(
          query("Total_conversations") + "&departmentId=\(department)"
        ).json()
        return points(json).reduce(0, +)
      }
      let all = try total("undefined")
      let known = try total("64181a0728384134ed600dcc")
      #expect(known > 0 && known < all)
      #expect(try total("000000000000000000000000") == 0)
      let json = try fixture.rocketChat(
        query("Avg_response_time") + "&departmentId=000000000000000000000000"
      ).json()
      #expect(points(json) == [0, 0])
    }
  }

  @Test("Before the first room of a day averages are 0")
  func noSample() async throws {
    try await SimulatorFixture.run(at: "2026-01-14T00:00:01Z") { fixture throws in
      for chart in RocketChatCharts.names {
        #expect(points(try fixture.rocketChat(query(chart)).json()).last == 0)
      }
    }
  }

  @Test("Yesterday's messages go on rising after midnight, its conversations do not")
  func lateMessages() async throws {
    try await SimulatorFixture.run(at: "2026-01-14T00:00:00Z") { fixture throws in
      func yesterday(_ chart: String) -> Double? {
        fixture.simulator.rocketChatTruth(chart: chart, day: "2026-01-13")
      }
      let (messages, rooms) = (
        try #require(yesterday("Total_messages")), yesterday("Total_conversations")
      )
      fixture.clock.advance(4 * 3600)
      #expect(try #require(yesterday("Total_messages")) > messages)
      #expect(yesterday("Total_conversations") == rooms)
    }
  }

  @Test("Credentials, method and path are checked")
  func access() async throws {
    try await SimulatorFixture.run { fixture throws in
      let refused = try fixture.rocketChat(query("Total_messages"), token: "wrong")
      #expect(refused.status == 401)
      #expect(try refused.json()["success"] == false)
      #expect(try refused.json()["message"]?.text == "You must be logged in to do this.")
      let doubled = "/api/v1/livechat/livechat/analytics/dashboards/charts-data"
      #expect(try fixture.rocketChat(query("Total_messages"), path: doubled).status == 404)
      let posted = try fixture.client.send(
        "POST",
        "/api/v1/livechat/analytics/dashboards/charts-data"
      )
      #expect(posted.status == 405)
    }
    try await SimulatorFixture.run(configure: { $0.rocketChatDoubledPath = true }) {
      fixture throws in
      let doubled = "/api/v1/livechat/livechat/analytics/dashboards/charts-data"
      #expect(try fixture.rocketChat(query("Total_messages"), path: doubled).status == 200)
      #expect(try fixture.rocketChat(query("Total_messages")).status == 404)
    }
  }
}

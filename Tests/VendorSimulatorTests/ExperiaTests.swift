import Testing

@testable import VendorSimulator

@Suite("Experia")
struct ExperiaTests {
  private static let whole = #"{"filter":"daily","sla":{"service":60,"response":30,"waiting":120}}"#

  @Test("The summary has the members of the documented sample, in its types")
  func summaryShape() async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.experia(ExperiaTests.whole)
      #expect(reply.status == 200)
      #expect(reply.field("Content-Type") == "application/json; charset=utf-8")
      let json = try reply.json()
      #expect(
        json.names == [
          "CSAT", "FCR", "NPS", "agentTotalTimeOnline", "averageResponseTime",
          "averageServiceTime", "averageWaitingTime", "maxServiceTime", "minServiceTime",
          "peakTime", "sla", "status", "totalClient", "totalClosedSessions", "totalMsg",
          "totalPredefinedMessages", "totalSessions", "totalTags", "totalTagsPercent",
          "totalTemplateUsage", "totalTransferred", "weakTime",
        ]
      )
      #expect(json["status"]?.text == "SUCCESS")
      for name in [
        "averageResponseTime", "averageServiceTime", "averageWaitingTime", "maxServiceTime",
        "minServiceTime", "agentTotalTimeOnline",
      ] {
        let text = try #require(json[name]?.text)
        #expect(try #require(text.wholeMatch(of: /\d\d+ (\d\d):(\d\d):(\d\d)/)).1 < "24")
      }
      for name in ["CSAT", "FCR", "totalTagsPercent"] {
        #expect((0...100).contains(try #require(json[name]?.double)))
      }
      #expect((-100...100).contains(try #require(json["NPS"]?.double)))
      #expect(json["peakTime"]?.text?.wholeMatch(of: /[01]\d:00|2[0-3]:00/) != nil)
      #expect(json["sla"]?.names == ["response", "service", "waiting"])
    }
  }

  @Test("The answer is the truth, written down")
  func truth() async throws {
    try await SimulatorFixture.run { fixture throws in
      let json = try fixture.experia(ExperiaTests.whole).json()
      let truth = try #require(fixture.simulator.experiaTruth())
      #expect(json["totalSessions"]?.int == truth.totalSessions)
      #expect(json["totalClosedSessions"]?.int == truth.totalClosedSessions)
      #expect(json["totalMsg"]?.int == truth.totalMessages)
      #expect(json["CSAT"]?.double == truth.csat)
      #expect(truth.totalSessions > truth.totalClosedSessions)
      #expect(truth.totalClosedSessions > 100)
      let compliance = fixture.simulator.experiaCompliance(sla: "response", threshold: 30)
      #expect(json["sla"]?["response"]?.double == compliance)
    }
  }

  @Test("Compliance is there only for the thresholds that were sent")
  func partialThresholds() async throws {
    try await SimulatorFixture.run { fixture throws in
      #expect(try fixture.experia(#"{"filter":"daily"}"#).json()["sla"] == nil)
      let one = try fixture.experia(#"{"filter":"daily","sla":{"waiting":120}}"#).json()
      #expect(one["sla"]?.names == ["waiting"])
    }
  }

  @Test(
    "Malformed bodies are refused",
    arguments: [
      "", "[]", "{", #"{}"#, #"{"filter":"hourly"}"#, #"{"filter":1}"#,
      #"{"filter":"daily","timezoneOffset":"3"}"#, #"{"filter":"daily","timezoneOffset":"+25:00"}"#,
      #"{"filter":"daily","channels":"all"}"#, #"{"filter":"daily","groupsID":[1]}"#,
      #"{"filter":"daily","sla":{"waiting":"2m"}}"#, #"{"filter":"daily","sla":{"waiting":-1}}"#,
      #"{"filter":"2026-01-02 to 2026-01-01"}"#, #"{"filter":"2026-01-02 - 2026-01-03"}"#,
      #"{"filter":"2026-02-30 to 2026-03-01"}"#,
    ]
  )
  func badBodies(body: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.experia(body)
      #expect(reply.status == 400)
      #expect(try reply.json()["status"]?.text != "SUCCESS")
    }
  }

  @Test(
    "Every documented filter value is known",
    arguments: [
      "daily", "TODAY", "weekly", "WEEK", "monthly", "MONTH", "YEAR", "2026-01-01 to 2026-01-31",
    ]
  )
  func filters(filter: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.experia(#"{"filter":"\#(filter)"}"#)
      #expect(reply.status == 200)
      #expect(try reply.json()["totalSessions"]?.int ?? 0 > 0)
    }
  }

  @Test("Key, method and path are checked")
  func access() async throws {
    try await SimulatorFixture.run { fixture throws in
      #expect(try fixture.experia(ExperiaTests.whole, key: "wrong").status == 401)
      #expect(try fixture.client.send("POST", "/v2/dashboard", body: "{}").status == 401)
      let get = try fixture.client.send("GET", "/v2/dashboard")
      #expect(get.status == 405)
      #expect(get.field("Allow") == "POST")
      #expect(try fixture.experia("{}", path: "/v2/dashboards").status == 404)
      #expect(try fixture.experia("{}", path: "/v2/dashboard/CARDNONE").status == 404)
      let untyped = try fixture.client.send(
        "POST",
        "/v2/dashboard",
        fields: [("X-API-Key", "demo-experia-key")],
        body: ExperiaTests.whole
      )
      #expect(untyped.status == 400)
    }
  }

  @Test("The rows of closed sessions are as many as the total says, and stay as they are")
  func closedSessions() async throws {
    try await SimulatorFixture.run(at: "2026-01-14T05:00:00Z") { fixture throws in
      let path = "/v2/dashboard/CARDTOTALCLOSEDSESSIONS"
      let json = try fixture.experia("{}", path: path).json()
      #expect(json.names == ["cardContent", "cardName", "status"])
      #expect(json["cardName"]?.text == "CARDTOTALCLOSEDSESSIONS")
      let rows = try #require(json["cardContent"]?.elements)
      #expect(rows.count == fixture.simulator.experiaTruth()?.totalClosedSessions)
      #expect(rows.count > 10)
      var untaken = 0
      for row in rows {
        #expect(
          row.names == [
            "agent_email", "client_id", "created_date", "ended_date", "session_key", "status",
            "taken_date", "type", "username",
          ]
        )
        #expect(row["username"]?.text == "9665XXXXXXXX")
        #expect(row["agent_email"]?.text?.hasSuffix("@example.com") == true)
        // A session that no agent took has no date for it.
        let isTaken = row["taken_date"] != .null
        untaken += isTaken ? 0 : 1
        let names = ["created_date"] + (isTaken ? ["taken_date"] : []) + ["ended_date"]
        let times = try names.map { name in
          let text = try #require(row[name]?.text)
          #expect(text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/) != nil)
          return try #require(Timestamp.parse(text))
        }
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
        #expect(try #require(times.last) <= fixture.clock.now)
      }
      #expect(untaken > 0 && untaken < rows.count / 10)
      fixture.clock.advance(3600)
      let later = try #require(
        try fixture.experia("{}", path: path).json()["cardContent"]?.elements
      )
      #expect(later.count > rows.count)
      #expect(Array(later.prefix(rows.count)) == rows)
      let other = try fixture.experia("{}", path: "/v2/dashboard/CARDTAGS").json()
      #expect(other["cardContent"] == [])
      let hotel = try fixture.experia(#"{"for":"hospitality"}"#, path: path).json()
      #expect(hotel["cardContent"] == [])
    }
  }

  @Test("The card's rows are bounded")
  func boundedRows() async throws {
    try await SimulatorFixture.run(configure: { $0.experiaCardRows = 7 }) { fixture throws in
      let json = try fixture.experia(
        #"{"filter":"monthly"}"#,
        path: "/v2/dashboard/CARDTOTALCLOSEDSESSIONS"
      ).json()
      #expect(json["cardContent"]?.elements?.count == 7)
    }
  }

  @Test("A view is a part of the whole, and its own part")
  func views() async throws {
    try await SimulatorFixture.run { fixture throws in
      let all = try #require(fixture.simulator.experiaTruth()).totalSessions
      let body = #"{"filter":"daily","channels":["wa-1"],"groupsID":["g-1"]}"#
      let json = try fixture.experia(body).json()
      let view = try #require(json["totalSessions"]?.int)
      #expect(view > 0 && view < all)
      let truth = fixture.simulator.experiaTruth(channels: ["wa-1"], groups: ["g-1"])
      #expect(view == truth?.totalSessions)
    }
  }
}

import Testing

@testable import VendorSimulator

@Suite("Kore.ai")
struct KoreTests {
  private func trend(_ more: String = "") -> String {
    "userEngagementTrend?start_date=2026-01-13&end_date=2026-01-14" + more
  }

  @Test(
    "Hourly is the default: 24 hours a day under the documented keys",
    arguments: [
      "", "&aggregation_type=Hourly", "&aggregation_type=",
    ]
  )
  func hourly(aggregation: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.kore("POST", trend(aggregation), body: "{}")
      #expect(reply.status == 200)
      let json = try reply.json()
      #expect(json.names == ["results", "totalResults"])
      #expect(json["totalResults"]?.int == 2)
      let days = try #require(json["results"]?.elements)
      #expect(days.map { $0["date"]?.text } == ["Jan 13 2026", "Jan 14 2026"])
      for (object, day) in zip(days, ["2026-01-13", "2026-01-14"]) {
        #expect(object.names.count == 25)
        for hour in 0..<24 {
          let users = object[hour == 23 ? "23 - 0" : "\(hour) - \(hour + 1)"]?.int
          #expect(users == fixture.simulator.koreUsers(day: day, hour: hour))
          #expect(users != nil)
        }
      }
      // 09:30: the tenth hour is running, the eleventh has not begun.
      #expect(days[1]["9 - 10"]?.int ?? 0 > 0)
      #expect(days[1]["10 - 11"]?.int == 0)
    }
  }

  @Test("Daily users are distinct: fewer than the hours' sum, not fewer than the busiest hour")
  func daily() async throws {
    try await SimulatorFixture.run { fixture throws in
      let json = try fixture.kore("POST", trend("&aggregation_type=Daily")).json()
      let days = try #require(json["results"]?.elements)
      #expect(days.allSatisfy { $0.names == ["date", "users"] })
      let users = try #require(days[0]["users"]?.int)
      #expect(users == fixture.simulator.koreUsers(day: "2026-01-13"))
      let hours = (0..<24).compactMap { fixture.simulator.koreUsers(day: "2026-01-13", hour: $0) }
      #expect(users < hours.reduce(0, +))
      #expect(users >= hours.max() ?? 0)
    }
  }

  @Test("A day's distinct users never fall while it lasts")
  func dailyRises() async throws {
    try await SimulatorFixture.run(at: "2026-01-14T00:00:00Z") { fixture throws in
      var last = 0
      for _ in 0..<1440 {
        let users = try #require(fixture.simulator.koreUsers(day: "2026-01-14"))
        #expect(users >= last)
        last = users
        fixture.clock.advance(60)
      }
      #expect(last > 100)
    }
  }

  @Test("Channels have their part, an unknown one nobody, and a future day no entry")
  func channels() async throws {
    try await SimulatorFixture.run { fixture throws in
      func users(_ channels: String) throws -> Int {
        let json = try fixture.kore("POST", trend("&aggregation_type=Daily" + channels)).json()
        return try #require(json["results"]?.elements?.first?["users"]?.int)
      }
      let all = try users("")
      let one = try users("&channels=rtm")
      let two = try users("&channels=rtm,msteams")
      #expect(0 < one && one < two && two < all)
      #expect(try users("&channels=rtm&channels=msteams") == two)
      #expect(try users("&channels=carrier-pigeon") == 0)
      let future = try fixture.kore(
        "POST",
        "userEngagementTrend?start_date=2026-01-14&end_date=2026-01-20"
      ).json()
      #expect(future["totalResults"]?.int == 1)
    }
  }

  @Test(
    "Malformed parameters are refused",
    arguments: [
      "userEngagementTrend", "userEngagementTrend?start_date=2026-01-13",
      "userEngagementTrend?start_date=2026-01-14&end_date=2026-01-13",
      "userEngagementTrend?start_date=13.01.2026&end_date=2026-01-14",
      "userEngagementTrend?start_date=2025-01-01&end_date=2026-01-14",
      "userEngagementTrend?start_date=2026-01-13&end_date=2026-01-14&aggregation_type=Weekly",
    ]
  )
  func badParameters(target: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.kore("POST", target)
      #expect(reply.status == 400)
      #expect(try reply.json()["errors"]?.elements?.first?["code"]?.int == 400)
    }
  }

  @Test(
    "Tokens that must be refused",
    arguments: [
      "", "abc", TestToken.signed(secret: "other"),
      TestToken.signed(header: #"{"alg":"none"}"#), TestToken.signed(header: #"{"alg":"HS512"}"#),
      TestToken.signed(claims: #"{"sub":"1"}"#), TestToken.signed(claims: #"{"appId":"cs-0001"}"#),
      TestToken.signed(claims: #"{"appid":"cs-0000"}"#),
      TestToken.signed(claims: #"{"appId":"cs-0000","exp":1768382999}"#),
      TestToken.signed(claims: #"{"appId":"cs-0000","exp":"later"}"#),
    ]
  )
  func badTokens(token: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.kore("POST", trend(), token: token)
      #expect(reply.status == 401)
      let error = try reply.json()["errors"]?.elements?.first
      #expect(error?["code"]?.int == 4002)
      #expect(error?["msg"]?.text == "Invalid SDK credentials")
    }
  }

  @Test("A token in its time is good again and again, one with an id only once")
  func replay() async throws {
    try await SimulatorFixture.run { fixture throws in
      let plain = TestToken.signed(claims: #"{"appId":"cs-0000","exp":1768383001}"#)
      #expect(try fixture.kore("POST", trend(), token: plain).status == 200)
      #expect(try fixture.kore("POST", trend(), token: plain).status == 200)
      let single = TestToken.signed(claims: #"{"appId":"cs-0000","jti":"one"}"#)
      #expect(try fixture.kore("POST", trend(), token: single).status == 200)
      #expect(try fixture.kore("POST", trend(), token: single).status == 401)
    }
    try await SimulatorFixture.run(configure: { $0.koreEnforcesJTI = true }) { fixture throws in
      #expect(try fixture.kore("POST", trend()).status == 401)
      let single = TestToken.signed(claims: #"{"appId":"cs-0000","jti":"one"}"#)
      #expect(try fixture.kore("POST", trend(), token: single).status == 200)
    }
  }

  @Test("Another bot, another method, another path")
  func access() async throws {
    try await SimulatorFixture.run { fixture throws in
      let other = try fixture.client.send(
        "POST",
        "/api/public/bot/st-1/" + trend(),
        fields: [("auth", TestToken.signed())]
      )
      #expect(other.status == 401)
      let got = try fixture.kore("GET", trend())
      #expect(got.status == 405)
      #expect(try got.json()["errors"]?.elements?.first?["msg"]?.text == "Method Not Allowed")
      #expect(try fixture.kore("POST", "getAnalytics").status == 404)
    }
  }

  @Test(
    "The second version tells new and returning users apart, in the zone asked for",
    // It is 09:30, in Kolkata just three o'clock.
    arguments: [("UTC", 9), ("Asia%2FKolkata", 14)]
  )
  func secondVersion(zone: String, latestHour: Int) async throws {
    try await SimulatorFixture.run { fixture throws in
      func days(_ type: String, _ trend: String) throws -> [JSONValue] {
        let json = try fixture.kore(
          "POST",
          "v2/userEngagementTrend?aggregation_type=\(type)&start_date=2026-01-13"
            + "&end_date=2026-01-14&timeZoneOffset=\(zone)"
        ).json()
        return try #require(json[trend]?["dataPoints"]?.elements)
      }
      let all = try days("daily", "uniqueUsersTrend")
      let new = try days("daily", "newUsersTrend")
      let returning = try days("daily", "returningUsersTrend")
      #expect(all.compactMap { $0["date"]?.text } == ["Jan 13 2026", "Jan 14 2026"])
      for index in 0..<2 {
        let users = try #require(all[index]["users"]?.int)
        #expect(users > 0)
        #expect(users == (new[index]["users"]?.int ?? 0) + (returning[index]["users"]?.int ?? 0))
      }
      let today = try #require(try days("hourly", "uniqueUsersTrend").last)
      let begun = (0..<24).filter { today["\($0) - \(($0 + 1) % 24)"]?.int ?? 0 > 0 }
      #expect(begun.max() == latestHour)
    }
  }

  @Test(
    "The second version's parameters are checked",
    arguments: [
      "aggregation_type=Daily&start_date=2026-01-13&end_date=2026-01-14",
      "aggregation_type=daily&start_date=2026-01-13&end_date=2026-01-14&timeZoneOffset=%2B05:30",
      "aggregation_type=daily&end_date=2026-01-14",
    ]
  )
  func secondVersionRefuses(query: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      #expect(try fixture.kore("POST", "v2/userEngagementTrend?" + query).status == 400)
    }
  }

  @Test("A widget's rows are nested twice, as documented")
  func widget() async throws {
    try await SimulatorFixture.run { fixture throws in
      let target = "dashboard/Operations/widget/Intents?startDate=2026-01-14&endDate=2026-01-14"
      let reply = try fixture.kore("GET", target)
      #expect(reply.status == 200)
      let json = try reply.json()
      #expect(
        json.names == [
          "_id", "dimensions", "metrics", "name", "overlay", "properties", "queryResponse", "row",
          "sqlQuery", "type",
        ]
      )
      #expect(json["type"]?.text == "table")
      #expect(json["sqlQuery"]?["startDate"]?.text == "2026-01-14T00:00:00.000Z")
      #expect(json["queryResponse"]?["metaData"]?["metricType"]?.text == "string")
      let rows = try #require(json["queryResponse"]?["queryResponse"]?.elements)
      #expect(rows.count == 50)
      #expect(Set(rows.compactMap { $0["metrictype"]?.text }).count > 1)
    }
  }

  @Test("Pages follow one another, and rows once there stay")
  func pages() async throws {
    try await SimulatorFixture.run(at: "2026-01-14T03:00:00Z") { fixture throws in
      let target = "dashboard/Operations/widget/Intents?startDate=2026-01-14&endDate=2026-01-14"
      func rows(_ more: String) throws -> [JSONValue] {
        let json = try fixture.kore("GET", target + more).json()
        return try #require(json["queryResponse"]?["queryResponse"]?.elements)
      }
      let small = try rows("&limit=7")
      #expect(small.count == 7)
      let first = try rows("&limit=500")
      #expect(first.count <= 50)
      #expect(Array(first.prefix(7)) == small)
      #expect(try rows("&limit=3&skip=2") == Array(first[2..<5]))
      #expect(try rows("&skip=100000").isEmpty)
      #expect(try fixture.kore("GET", target + "&limit=-1").status == 400)
    }
  }

  @Test("Grouped widgets count, and a slash in a name is part of the name")
  func grouped() async throws {
    try await SimulatorFixture.run { fixture throws in
      let dates = "?startDate=2026-01-14&endDate=2026-01-14T23:59:59.000Z"
      let tasks = try fixture.kore("GET", "dashboard/Operations/widget/Tasks" + dates).json()
      let rows = try #require(tasks["queryResponse"]?["queryResponse"]?.elements)
      #expect(rows.count == 5)
      #expect(rows.allSatisfy { $0["TotalTasks"]?.text.flatMap { Int($0) } != nil })
      let slashed = try fixture.kore(
        "GET",
        "dashboard/Operations/widget/Inbound%2FOutbound" + dates
      )
      #expect(slashed.status == 200)
      #expect(try slashed.json()["name"]?.text == "Inbound/Outbound")
    }
  }

  @Test(
    "Filters are posted and leave less",
    arguments: [
      (
        #"{"customFilters":[{"filterSource":"userType","fieldName":"user","values":["newuser"]}]}"#,
        200
      ),
      (#"{"customFilters":[]}"#, 400), ("{}", 400), ("", 400),
      (#"{"customFilters":[{"fieldName":"user","values":["newuser"]}]}"#, 400),
    ]
  )
  func filters(body: String, status: Int) async throws {
    try await SimulatorFixture.run { fixture throws in
      let target = "dashboard/Operations/widget/Tasks?startDate=2026-01-13&endDate=2026-01-14"
      let reply = try fixture.kore("POST", target, body: body)
      #expect(reply.status == status)
      if status == 200 {
        func first(_ json: JSONValue) -> Int {
          json["queryResponse"]?["queryResponse"]?.elements?.first?["TotalTasks"]?.text
            .flatMap { Int($0) } ?? 0
        }
        let filtered = first(try reply.json())
        let whole = first(try fixture.kore("GET", target).json())
        #expect(filtered > 0 && filtered < whole)
      }
    }
  }

  @Test(
    "Unknown names and missing dates are refused",
    arguments: [
      (
        "dashboard/Sales/widget/Intents?startDate=2026-01-14&endDate=2026-01-14",
        "Invalid dashboard name"
      ),
      (
        "dashboard/Operations/widget/None?startDate=2026-01-14&endDate=2026-01-14",
        "Invalid widget name"
      ),
      ("dashboard/Operations/widget/Intents?startDate=2026-01-14", "Invalid startDate or endDate"),
      (
        "dashboard/Operations/widget/Intents?startDate=2025-01-14&endDate=2026-01-14",
        "Invalid startDate or endDate"
      ),
    ]
  )
  func unknownNames(target: String, message: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.kore("GET", target)
      #expect(reply.status == 400)
      #expect(try reply.json()["errors"]?.elements?.first?["msg"]?.text == message)
    }
  }
}

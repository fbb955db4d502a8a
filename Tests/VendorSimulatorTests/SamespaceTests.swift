import Testing

@testable import VendorSimulator

@Suite("Samespace")
struct SamespaceTests {
  private static let inbound = "6470840db289a50051bd67e6"
  private static let outbound = "64708411b289a50051bd6802"
  private static let table = "6470841db289a50051bd6805"

  private static let insightQuery = """
    query GetInsightData($dashboardId: ID!, $insightId: ID!, $timeRange: TimeRange, \
    $timezone: String, $startTime: Date, $endTime: Date, $skip: Int, $sortId: String, \
    $sortOrder: Int, $limit: Int, $filters: [FilterInput!]) {
      getInsightData(dashboardId: $dashboardId, insightId: $insightId, timeRange: $timeRange, \
    timezone: $timezone, startTime: $startTime, endTime: $endTime, skip: $skip, sortId: $sortId, \
    sortOrder: $sortOrder, limit: $limit, filters: $filters)
    }
    """

  private static let reportQuery = """
    query GetReportData($reportId: ID!, $startTime: Date, $endTime: Date, $timeRange: TimeRange, \
    $timezone: String, $filters: [FilterInput!], $sortId: String, $sortOrder: Int, $skip: Int, \
    $limit: Int) {
      getReportData(reportId: $reportId, startTime: $startTime, endTime: $endTime, \
    timeRange: $timeRange, timezone: $timezone, filters: $filters, sortId: $sortId, \
    sortOrder: $sortOrder, skip: $skip, limit: $limit)
    }
    """

  private func variables(_ insight: String, _ range: JSONValue = .null) -> JSONValue {
    [
      "dashboardId": .string(SimulatedIdentifiers.samespaceDashboard),
      "insightId": .string(insight), "timeRange": range, "timezone": "Asia/Kolkata",
    ]
  }

  @Test("The query of the vendor's documentation is answered with all it selects")
  func documentedQuery() async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.samespace(
        DocumentedDashboardQuery.text,
        variables: ["id": "64708408b289a50051bd6781"]
      )
      #expect(reply.status == 200)
      let dashboard = try #require(try reply.json()["data"]?["dashboard"])
      #expect(
        dashboard.names == [
          "__typename", "endTime", "id", "insights", "isOwner", "layouts", "owner", "permission",
          "startTime", "timeRange", "timezone",
        ]
      )
      let insights = try #require(dashboard["insights"]?.elements)
      #expect(insights.filter { $0["template"]?["type"] == "STAT" }.count >= 3)
      #expect(insights.filter { $0["template"]?["type"] != "STAT" }.count == 1)
      let first = try #require(insights.first)
      #expect(first["id"]?.text == SamespaceTests.inbound)
      #expect(first["title"]?.text == "Answered (Inbound)")
      #expect(first["timeRange"]?.text == "PAST_HOUR")
      #expect(
        first["template"]?["preferences"]?.names == [
          "__typename", "colors", "trendType", "valueFormat",
        ]
      )
      #expect(
        first["filters"]?.elements?.first?.names == [
          "__typename", "metricId", "operation", "title", "type", "values",
        ]
      )
    }
  }

  @Test("A smaller selection gets a smaller answer, aliases and literals included")
  func selection() async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.samespace(
        "{ board: dashboard(id: \"64708408b289a50051bd6781\") { insights { id title } } }"
      )
      let board = try #require(try reply.json()["data"]?["board"])
      #expect(board.names == ["insights"])
      #expect(board["insights"]?.elements?.allSatisfy { $0.names == ["id", "title"] } == true)
    }
  }

  @Test("An unknown dashboard is null with 200")
  func unknownDashboard() async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.samespace(
        "query GetDashboard($id: String) { dashboard(id: $id) { id } }",
        variables: ["id": "000000000000000000000000"]
      )
      #expect(reply.status == 200)
      #expect(reply.text == #"{"data":{"dashboard":null}}"#)
    }
  }

  @Test("A STAT has value, title and previous value; two insights share a title")
  func stat() async throws {
    try await SimulatorFixture.run { fixture throws in
      for insight in [SamespaceTests.inbound, SamespaceTests.outbound] {
        let json = try fixture.samespace(
          SamespaceTests.insightQuery,
          variables: variables(insight)
        ).json()
        let data = try #require(json["data"]?["getInsightData"]?["data"]?.elements)
        try #require(data.count == 1)
        #expect(data[0].names == ["previousValue", "title", "value"])
        #expect(data[0]["title"]?.text == "Answered")
        let truth = try #require(fixture.simulator.samespaceTruth(insight: insight))
        #expect(data[0]["value"]?.double == truth.value)
        #expect(data[0]["previousValue"]?.double == truth.previousValue)
        #expect(truth.value > 0)
      }
    }
  }

  @Test("The call's range overrides the insight's", arguments: ["PAST_30_DAYS", "PAST_3_MONTHS"])
  func range(range: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      let json = try fixture.samespace(
        SamespaceTests.insightQuery,
        variables: variables(SamespaceTests.inbound, .string(range))
      ).json()
      let value = json["data"]?["getInsightData"]?["data"]?.elements?.first?["value"]?.double
      let truth = fixture.simulator.samespaceTruth(
        insight: SamespaceTests.inbound,
        timeRange: range
      )
      #expect(value == truth?.value)
      #expect(try #require(value) > 10_000)
    }
  }

  @Test("The window before is the previous value")
  func previous() async throws {
    try await SimulatorFixture.run { fixture throws in
      let now = fixture.clock.now
      let simulator = fixture.simulator
      let truth = simulator.samespaceTruth(insight: SamespaceTests.inbound, at: now)
      let before = simulator.samespaceTruth(insight: SamespaceTests.inbound, at: now - 3600)
      #expect(truth?.previousValue == before?.value)
    }
  }

  @Test("The table has a row a team under metric ids")
  func table() async throws {
    try await SimulatorFixture.run { fixture throws in
      let json = try fixture.samespace(
        SamespaceTests.insightQuery,
        variables: variables(SamespaceTests.table)
      ).json()
      let rows = try #require(json["data"]?["getInsightData"]?["data"]?.elements)
      #expect(rows.count == 3)
      #expect(rows.allSatisfy { $0.names.allSatisfy { $0.utf8.count == 24 } })
    }
  }

  @Test("The report has the documented columns, a limit and a skip")
  func report() async throws {
    try await SimulatorFixture.run { fixture throws in
      func rows(_ more: [JSONValue.Member]) throws -> [JSONValue] {
        let base = JSONValue.Member(name: "reportId", value: "6007d54273902f0069dc68dc")
        let json = try fixture.samespace(
          SamespaceTests.reportQuery,
          variables: .object([base] + more)
        ).json()
        return try #require(json["data"]?["getReportData"]?["data"]?.elements)
      }
      let all = try rows([JSONValue.Member(name: "limit", value: 1000)])
      #expect(all.count > 50)
      #expect(
        all.allSatisfy {
          $0.names == [
            "5e6f5fc04767c68072ee031c", "5e6f5fc04767c68072ee031d", "5e6f5fc04767c68072ee0320",
            "5eafce52965aff16547f2816", "5eafcfde965aff16547f2817", "5ec3ab9dc17f3c7ee1471a7a",
            "5ef594e0eba06ff9adbcfc07", "602a0daa27200ad38393241c", "60af7ebc2c1f3d2b8e5faf7e",
            "60af7fa12c1f3d2b8e5faf7f",
          ]
        }
      )
      let truths = [SamespaceTests.inbound, SamespaceTests.outbound].compactMap {
        fixture.simulator.samespaceTruth(insight: $0)?.value
      }
      #expect(Double(all.count) == truths.reduce(0, +))
      #expect(try rows([]) == Array(all.prefix(50)))
      let page = try rows([
        JSONValue.Member(name: "limit", value: 10), JSONValue.Member(name: "skip", value: 5),
      ])
      #expect(page == Array(all[5..<15]))
    }
  }

  @Test(
    "What GraphQL cannot answer is an error with 200",
    arguments: [
      ("query Other { nothing }", "Cannot query field \"nothing\" on type \"Query\"."),
      ("mutation Write { dashboard }", "Only queries are supported."),
      (
        "{ dashboard(id: \"64708408b289a50051bd6781\") }",
        "Field \"dashboard\" must have a selection of subfields."
      ),
      (
        "{ dashboard(id: \"64708408b289a50051bd6781\") { colour } }",
        "Cannot query field \"colour\" on type \"Dashboard\"."
      ),
      ("{ dashboard(id: $id) { id } }", "Variable \"$id\" is not defined."),
      (
        "query A($reportId: ID!) { getReportData(reportId: $reportId) }",
        "Variable \"$reportId\" of required type \"ID!\" was not provided."
      ),
      ("{ dashboard(id: \"x\") { id }", "Syntax Error: Unexpected <EOF>."),
      (
        "{ getReportData(reportId: \"6007d54273902f0069dc68dc\") { data } }",
        "Field \"getReportData\" must not have a selection since it has no subfields."
      ),
      (
        "{ getReportData(reportId: \"6007d54273902f0069dc68dc\", timeRange: TODAY) }",
        "Variable \"$timeRange\" got invalid value \"TODAY\"; Value \"TODAY\" does not exist in \"TimeRange\" enum."
      ),
    ]
  )
  func errors(query: String, message: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.samespace(query)
      #expect(reply.status == 200)
      let json = try reply.json()
      #expect(json["data"] == .null)
      #expect(json["errors"]?.elements?.first?["message"]?.text == message)
    }
  }

  @Test("A start and an end stand for a range")
  func custom() async throws {
    try await SimulatorFixture.run { fixture throws in
      func value(_ start: JSONValue, _ end: JSONValue) throws -> Double? {
        let json = try fixture.samespace(
          SamespaceTests.insightQuery,
          variables: [
            "dashboardId": .string(SimulatedIdentifiers.samespaceDashboard),
            "insightId": .string(SamespaceTests.inbound), "startTime": start, "endTime": end,
          ]
        ).json()
        return json["data"]?["getInsightData"]?["data"]?.elements?.first?["value"]?.double
      }
      let text = try value("2026-01-14T08:30:00.000Z", "2026-01-14T09:30:00.000Z")
      let milliseconds = try value(1_768_379_400_000, 1_768_383_000_000)
      #expect(text == fixture.simulator.samespaceTruth(insight: SamespaceTests.inbound)?.value)
      #expect(text == milliseconds)
    }
  }

  @Test("Key, method and body are checked")
  func access() async throws {
    try await SimulatorFixture.run { fixture throws in
      #expect(try fixture.samespace("{ dashboard { id } }", key: "wrong").status == 401)
      #expect(try fixture.client.send("GET", "/analytics/api").status == 405)
      let bodiless = try fixture.client.send(
        "POST",
        "/analytics/api",
        fields: [("x-api-key", "demo-samespace-key")],
        body: "query"
      )
      #expect(bodiless.status == 400)
      #expect(try bodiless.json()["errors"]?.elements?.count == 1)
    }
  }
}

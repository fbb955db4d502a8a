import HTTPListener
import Testing

@testable import VendorSimulator

@Suite("Robustness")
struct RobustnessTests {
  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  private func status(_ imitation: some VendorImitation, _ request: HTTPRequest) -> Int {
    imitation.answer(request, at: 1_768_383_000, fault: nil).status
  }

  private static let unlimited: SimulatorConfiguration = {
    var configuration = SimulatorConfiguration()
    configuration.experiaLimits = []
    configuration.koreLimits = []
    configuration.rocketChatLimits = []
    return configuration
  }()

  @Test(
    "Bodies with bytes changed, dropped and doubled get an answer",
    arguments: [
      #"{"filter":"2026-01-01 to 2026-01-31","channels":["a"],"timezoneOffset":"-03:30","sla":{"waiting":9}}"#,
      #"{"query":"query Q($d: ID!, $i: [Int!]!) { x: getInsightData(dashboardId: $d, n: [1, -2.5e3, \"s\"]) ... on Query { dashboard { id } } }","variables":{"d":"64708408b289a50051bd6781","i":[]}}"#,
      #"{"customFilters":[{"filterSource":"userType","fieldName":"user","values":["newuser"]}]}"#,
    ]
  )
  func mutatedBodies(text: String) {
    let corrections = Corrections()
    let configuration = RobustnessTests.unlimited
    let experia = ExperiaImitation(configuration: configuration, corrections: corrections)
    let samespace = SamespaceImitation(configuration: configuration, corrections: corrections)
    let kore = KoreImitation(configuration: configuration, corrections: corrections)
    let token = TestToken.signed()
    var dice = Dice(state: 5)
    for _ in 0..<600 {
      var body = Array(text.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &dice) {
        let index = Int.random(in: 0..<body.count, using: &dice)
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: body[index] = UInt8.random(in: 0...255, using: &dice)
        case 1: body.remove(at: index)
        case 2: body.insert(body[index], at: index)
        default: body.removeSubrange(index..<min(index + 9, body.count - 1))
        }
      }
      #expect(
        [200, 400].contains(
          status(
            experia,
            HTTPRequest(
              method: "POST",
              path: "/v2/dashboard",
              fields: [("X-API-Key", "demo-experia-key"), ("Content-Type", "application/json")],
              body: body
            )
          )
        )
      )
      #expect(
        [200, 400].contains(
          status(
            samespace,
            HTTPRequest(
              method: "POST",
              path: "/analytics/api",
              fields: [("x-api-key", "demo-samespace-key")],
              body: body
            )
          )
        )
      )
      #expect(
        [200, 400].contains(
          status(
            kore,
            HTTPRequest(
              method: "POST",
              path:
                "/api/public/bot/st-00000000-0000-0000-0000-000000000000/dashboard/Operations/widget/Tasks",
              query: [("startDate", "2026-01-13"), ("endDate", "2026-01-14")],
              fields: [("auth", token)],
              body: body
            )
          )
        )
      )
    }
  }

  @Test(
    "Extremes are answered, and soon",
    arguments: [
      (#"{"filter":"0000-01-01 to 9999-12-31"}"#, 200),
      (#"{"filter":"YEAR","email":null,"sla":null}"#, 200),
      (#"{"filter":"9999-12-31 to 9999-12-31"}"#, 200),
      (#"{"filter":"daily","sla":{"waiting":1e308,"response":1e-308,"service":0}}"#, 200),
      (#"{"filter":"daily","timezoneOffset":"+14:59"}"#, 200),
      (#"{"filter":"daily","timezoneOffset":"-14:59"}"#, 200),
    ]
  )
  func experia(body: String, status: Int) async throws {
    try await SimulatorFixture.run { fixture throws in
      let summary = try fixture.experia(body)
      #expect(summary.status == status)
      #expect(try summary.json()["status"]?.text == "SUCCESS")
      #expect(!summary.text.contains("nan") && !summary.text.contains("inf"))
      let card = try fixture.experia(body, path: "/v2/dashboard/CARDTOTALCLOSEDSESSIONS")
      #expect(card.status == status)
    }
  }

  @Test(
    "Ranges, pages and dates without bounds",
    arguments: [
      "startTime: -1e300, endTime: 1e300", "startTime: \"0000-01-01\", endTime: \"9999-12-31\"",
      "timeRange: PAST_3_MONTHS, limit: 9223372036854775807",
      "timeRange: PAST_3_MONTHS, limit: 10, skip: 9223372036854775807", "limit: -1", "skip: \"1\"",
      "limit: 99999999999999999999999",
    ]
  )
  func samespace(arguments: String) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.samespace(
        "{ getReportData(reportId: \"6007d54273902f0069dc68dc\", \(arguments)) }"
      )
      #expect(reply.status == 200)
      #expect(try reply.json().names.contains("data"))
    }
  }

  @Test("A deep query is refused and not followed")
  func deepQuery() async throws {
    try await SimulatorFixture.run { fixture throws in
      let deep = String(repeating: "{ a ", count: 5000)
      let brackets = "{ dashboard(id: " + String(repeating: "[", count: 5000)
      for query in [deep, brackets] {
        let json = try fixture.samespace(query).json()
        #expect(
          json["errors"]?.elements?.first?["message"]?.text
            == "The query is nested too deeply."
        )
      }
    }
  }

  @Test(
    "Rocket.Chat's dates without bounds",
    arguments: [
      ("2016-01-01", "2025-12-31", 200, 3653), ("0001-01-01", "9999-12-31", 500, 0),
    ]
  )
  func rocketChat(start: String, end: String, status: Int, count: Int) async throws {
    try await SimulatorFixture.run { fixture throws in
      let reply = try fixture.rocketChat("start=\(start)&end=\(end)&chartName=Total_messages")
      #expect(reply.status == status)
      #expect(try reply.json()["dataPoints"]?.elements?.count ?? 0 == count)
    }
  }

  @Test("What hangs is reset when the vendor is mended")
  func mended() async throws {
    try await SimulatorFixture.run { fixture async throws in
      fixture.simulator.setFault(.hang, for: .kore)
      let client = fixture.client
      let request = Task.detached {
        try client.send("POST", "/api/public/bot/st-1/userEngagementTrend")
      }
      while fixture.simulator.requestCount(.kore) == 0 { await Task.yield() }
      fixture.simulator.setFault(nil, for: .kore)
      await #expect(throws: SimulatorClient.Failure.reset) { try await request.value }
    }
  }
}

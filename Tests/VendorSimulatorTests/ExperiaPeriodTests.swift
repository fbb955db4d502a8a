import Logging
import Testing

@testable import VendorSimulator

@Suite("Experia's periods")
struct ExperiaPeriodTests {
  private func simulator() throws -> SimulatorServer {
    try SimulatorServer(
      configuration: SimulatorConfiguration(),
      logger: Logger(level: .error, format: .logfmt)
    )
  }

  private func truth(
    _ simulator: SimulatorServer,
    _ filter: String,
    at time: String
  ) throws -> ExperiaSummary {
    let instant = try #require(Timestamp.parse(time))
    return try #require(simulator.experiaTruth(filter: filter, at: instant))
  }

  @Test("A closed day's range is what the day said last, at any later time")
  func closedDay() throws {
    let simulator = try simulator()
    // 23:59:59.999 of the 14th at +03:00.
    let last = try truth(simulator, "daily", at: "2026-01-14T20:59:59.999Z")
    let range = "2026-01-14 to 2026-01-14"
    for later in ["2026-01-14T21:00:00Z", "2026-01-14T21:05:00Z", "2026-02-20T00:00:00Z"] {
      #expect(try truth(simulator, range, at: later) == last)
    }
    let next = try truth(simulator, "daily", at: "2026-01-14T21:00:00Z")
    #expect(next.totalSessions == 0)
    #expect(next.totalMessages == 0)
    #expect(next.averageWaitingTime == 0)
    #expect(next.csat == 0)
  }

  @Test(
    "Week, month, year and ranges are the sums of their days",
    arguments: [
      // A Wednesday: the week started on Sunday the 11th.
      ("weekly", "2026-01-11"), ("WEEK", "2026-01-11"), ("monthly", "2026-01-01"),
      ("YEAR", "2026-01-01"), ("2026-01-03 to 2026-01-13", "2026-01-03"),
    ]
  )
  func sums(filter: String, first: String) throws {
    let simulator = try simulator()
    let now = "2026-01-14T09:30:00Z"
    let whole = try truth(simulator, filter, at: now)
    var days: [ExperiaSummary] = []
    let start = try #require(CivilDate(parsing: first))
    let last = try #require(
      CivilDate(parsing: filter.hasPrefix("2026") ? "2026-01-13" : "2026-01-14")
    )
    for day in start.days...last.days {
      let date = CivilDate(days: day).text
      days.append(try truth(simulator, "\(date) to \(date)", at: now))
    }
    #expect(whole.totalSessions == days.map(\.totalSessions).reduce(0, +))
    #expect(whole.totalClosedSessions == days.map(\.totalClosedSessions).reduce(0, +))
    #expect(whole.totalMessages == days.map(\.totalMessages).reduce(0, +))
    #expect(whole.totalTransferred == days.map(\.totalTransferred).reduce(0, +))
    #expect(whole.agentOnlineSeconds == days.map(\.agentOnlineSeconds).reduce(0, +))
    #expect(whole.totalClients < days.map(\.totalClients).reduce(0, +))
    #expect(whole.totalClients >= days.map(\.totalClients).max() ?? 0)
  }

  @Test("A cached daily is still yesterday, and a range is the day that it names")
  func cachedDaily() async throws {
    // 00:04 and 00:08 at +03:00.
    for (time, isCached) in [("2026-01-14T21:04:00Z", true), ("2026-01-14T21:08:00Z", false)] {
      try await SimulatorFixture.run(at: time, configure: { $0.experiaDailyCached = 420 }) {
        fixture throws in
        func sessions(_ filter: String) throws -> Int? {
          try fixture.experia(#"{"filter":"\#(filter)"}"#).json()["totalSessions"]?.int
        }
        let today = fixture.simulator.experiaTruth(filter: "2026-01-15 to 2026-01-15")
        let yesterday = fixture.simulator.experiaTruth(filter: "2026-01-14 to 2026-01-14")
        for filter in ["daily", "TODAY"] {
          #expect(try sessions(filter) == (isCached ? yesterday : today)?.totalSessions)
        }
        #expect(try sessions("2026-01-15 to 2026-01-15") == today?.totalSessions)
      }
    }
  }

  @Test("The week's first day can be chosen")
  func weekStart() throws {
    var configuration = SimulatorConfiguration()
    configuration.experiaWeekStart = 1
    let simulator = try SimulatorServer(
      configuration: configuration,
      logger: Logger(level: .error, format: .logfmt)
    )
    let now = "2026-01-14T09:30:00Z"
    let week = try truth(simulator, "weekly", at: now)
    #expect(week == (try truth(simulator, "2026-01-12 to 2026-01-14", at: now)))
  }

  @Test("Every figure stays in its bounds at two thousand instants of a year")
  func bounds() throws {
    let simulator = try simulator()
    let start = try #require(Timestamp.parse("2026-01-01"))
    for step in 0..<2000 {
      let time = start + Double(step) * 15_773.7
      let summary = try #require(simulator.experiaTruth(at: time))
      #expect(summary.totalClosedSessions <= summary.totalSessions)
      #expect(summary.totalTransferred <= summary.totalSessions)
      #expect(summary.totalClients <= summary.totalSessions)
      #expect((0...100).contains(summary.csat))
      #expect((0...100).contains(summary.fcr))
      #expect((-100...100).contains(summary.nps))
      #expect((0...100).contains(summary.totalTagsPercent))
      #expect((0...23).contains(summary.peakHour) && (0...23).contains(summary.weakHour))
      #expect(summary.minServiceTime <= summary.averageServiceTime)
      #expect(summary.averageServiceTime <= max(summary.maxServiceTime, 60))
    }
  }

  @Test("Service is worse than usual objectives at noon and better at night", arguments: 0..<21)
  func complianceThroughTheDay(day: Int) throws {
    let simulator = try simulator()
    let midnight = CivilDate(days: 20_464 + day).start(offset: 10_800)
    // Friday and Saturday are the weekend.
    let isWorkday = day % 7 < 5
    for (sla, threshold, objective) in [
      ("response", 30.0, 90.0), ("waiting", 120, 90), ("service", 60, 80),
    ] {
      func compliance(_ hour: Double, _ threshold: Double) throws -> Double {
        try #require(
          simulator.experiaCompliance(sla: sla, threshold: threshold, at: midnight + hour * 3600)
        )
      }
      let night = try compliance(5, threshold)
      let noon = try compliance(12.5, threshold)
      #expect(night > objective)
      #expect(noon < night)
      if isWorkday { #expect(noon < objective) }
      #expect(try compliance(23.5, threshold) > noon)
      #expect(try compliance(12.5, threshold * 2) > noon)
      #expect(try compliance(12.5, threshold / 2) < noon)
      #expect(try compliance(12.5, 0) == 0)
    }
  }

  @Test("It is alive: at noon something has changed after a minute", arguments: 0..<10)
  func alive(minute: Int) throws {
    let simulator = try simulator()
    let noon = try #require(Timestamp.parse("2026-01-14T09:00:00Z")) + Double(minute) * 60
    #expect(simulator.experiaTruth(at: noon) != simulator.experiaTruth(at: noon + 60))
  }

  @Test("Another offset cuts another day out of the same traffic")
  func offsets() throws {
    let simulator = try simulator()
    let now = try #require(Timestamp.parse("2026-01-14T22:30:00Z"))
    let home = try #require(simulator.experiaTruth(at: now))
    let utc = try #require(simulator.experiaTruth(timezoneOffset: "+00:00", at: now))
    // 01:30 on the 15th at home, 22:30 on the 14th in UTC.
    #expect(home.totalSessions < 30)
    #expect(utc.totalSessions > 500)
    #expect(utc.peakHour == home.peakHour || (6...11).contains(utc.peakHour))
    #expect(simulator.experiaTruth(timezoneOffset: "UTC", at: now) == nil)
  }
}

import CollectorKit
import TestSupport
import Testing

@testable import ExporterCore
@testable import Scheduling

/// How long a backfill says that it will take.
@Suite struct BackfillProgressTests {
  private let time = SimulatedTime(unixTime: 1_768_046_400, participants: 0)
  private let log = LogRecorder()

  private func begin(
    _ limits: [RateLimit],
    left: Int
  ) throws -> (progress: BackfillProgress, budget: RequestBudget) {
    let progress = BackfillProgress(log: log.logger, time: time)
    let budget = BudgetRegistry(time: time)
      .budget(credential: "a", vendor: "experia", target: "a", limits: limits)
    let first = try #require(CivilDate("2026-01-01"))
    progress.begin("a", days: first...first, count: 1000, left: left, budget: budget)
    return (progress, budget)
  }

  /// 200 at once, and then 200 an hour.
  @Test(arguments: [(150, "0s"), (200, "0s"), (210, "3m"), (730, "2h40m"), (1000, "4h")])
  func whatTheRateLimitAllows(left: Int, text: String) throws {
    _ = try begin([RateLimit(requests: 200, window: 3600)], left: left)
    #expect(log.lines.last?.hasSuffix(" takes_about=\(text)") == true)
  }

  @Test func theSlowestOfSeveralLimits() throws {
    let limits = [RateLimit(requests: 60, window: 60), RateLimit(requests: 1800, window: 3600)]
    _ = try begin(limits, left: 900)
    #expect(log.lines.last?.hasSuffix(" takes_about=14m") == true)
  }

  /// Without a limit the pace tells, twice a minute.
  @Test func thePaceWhereThereIsNoLimit() throws {
    let (progress, _) = try begin([], left: 100)
    #expect(log.lines.last?.contains("takes_about") == false)
    for _ in 0..<10 {
      time.advance(by: 4)
      progress.requestEnded("a")
    }
    #expect(log.lines.count == 2)
    #expect(log.lines.last?.hasSuffix("done=908 requests=1000 percent=90 takes_about=7m") == true)
  }

  @Test func theLastRequestIsToldAtOnce() throws {
    let (progress, _) = try begin([], left: 1)
    progress.requestEnded("a")
    #expect(log.lines.last?.hasSuffix("done=1000 requests=1000 percent=100") == true)
  }
}

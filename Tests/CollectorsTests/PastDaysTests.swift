import CollectorKit
import Testing

@testable import Collectors

/// When the day before is asked for.
@Suite struct PastDaysTests {
  /// 2026-01-15T00:00:00Z.
  private static let midnight = 1_768_435_200.0
  private static let yesterday = CivilDate(year: 2026, month: 1, day: 14)

  @Test func onceADayWhenItIsOver() throws {
    let days = PastDays(zone: .utc)
    #expect(days.due("a", at: Self.midnight) == nil)
    #expect(days.due("a", at: Self.midnight + 149) == nil)
    let day = try #require(days.due("a", at: Self.midnight + 150))
    #expect(day == Self.yesterday)
    // A request that failed is made again.
    #expect(days.due("a", at: Self.midnight + 200) == day)
    days.answered(day, "a", at: Self.midnight + 200)
    #expect(days.due("a", at: Self.midnight + 80_000) == nil)
    #expect(days.due("b", at: Self.midnight + 80_000) == day)
    #expect(days.due("a", at: Self.midnight + 86_400 + 150) == day.adding(days: 1))
  }

  @Test func laterIfTheDaysFirstTotalsMayBeOld() {
    let days = PastDays(zone: .utc, after: 3600)
    #expect(days.due("a", at: Self.midnight + 3599) == nil)
    #expect(days.due("a", at: Self.midnight + 3600) == Self.yesterday)
  }

  @Test func againWhereItMayStillRise() throws {
    let days = PastDays(zone: .utc, again: 3600)
    let day = try #require(days.due("a", at: Self.midnight + 1))
    #expect(day == Self.yesterday)
    days.answered(day, "a", at: Self.midnight + 1)
    #expect(days.due("a", at: Self.midnight + 3600) == nil)
    #expect(days.due("a", at: Self.midnight + 3601) == day)
    days.answered(day, "a", at: Self.midnight + 3601)
    // The clock has gone back by more than an hour.
    #expect(days.due("a", at: Self.midnight + 1) == day)
  }

  /// In Kolkata the day begins at 18:30Z.
  @Test func daysAreTheZones() throws {
    let days = PastDays(zone: try Zone(named: "Asia/Kolkata"))
    #expect(days.due("a", at: Self.midnight - 5.5 * 3600 + 149) == nil)
    #expect(days.due("a", at: Self.midnight - 5.5 * 3600 + 150) == Self.yesterday)
  }
}

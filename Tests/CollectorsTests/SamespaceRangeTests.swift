import CollectorKit
import ConfigurationFile
import Testing

@testable import Collectors

/// What the keys of a range come to.
@Suite struct SamespaceRangeTests {
  /// 2026-03-29T10:00:00Z, the day on which Berlin's clocks go forward.
  private static let now = 1_774_778_400.0

  private func range(_ keys: String) throws -> SamespaceRange? {
    let document = try ConfigurationDocument(text: keys, file: "/c.yaml", environment: nil)
    let diagnostics = Diagnostics(file: "c")
    let range = SamespaceRange(document.root(diagnostics))
    #expect(diagnostics.issues.isEmpty)
    return range
  }

  @Test(arguments: [
    ("{start_time: today}", "2026-03-28T23:00:00.000Z", "2026-03-29T10:00:00.000Z", "today"),
    (
      "{start_time: yesterday, end_time: today}", "2026-03-27T23:00:00.000Z",
      "2026-03-28T23:00:00.000Z", "yesterday/today"
    ),
    // A day of 23 hours.
    (
      "{start_time: 2026-03-29, end_time: 2026-03-30}", "2026-03-28T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z", "2026-03-29/2026-03-30"
    ),
    (
      "{start_time: \"2026-03-01T08:00:00+02:00\", end_time: \"2026-03-02T00:00:00.5Z\"}",
      "2026-03-01T06:00:00.000Z", "2026-03-02T00:00:00.000Z",
      "2026-03-01T06:00:00.000Z/2026-03-02T00:00:00.000Z"
    ),
  ])
  func bounds(keys: String, start: String, end: String, label: String) throws {
    let range = try #require(try range(keys))
    let bounds = try #require(
      range.bounds(in: try Zone(named: "Europe/Berlin"), now: Self.now)
    )
    #expect(SamespaceRequests.date(bounds.start) == start)
    #expect(SamespaceRequests.date(bounds.end) == end)
    #expect(range.label == label)
  }

  @Test func aNamedRangeIsPassedOn() throws {
    let range = try #require(try range("{time_range: PAST_30_DAYS}"))
    #expect(range == .named("PAST_30_DAYS"))
    #expect(range.bounds(in: .utc, now: Self.now) == nil)
    #expect(!range.needsZone)
    #expect(try self.range("{}") == nil)
  }

  @Test(arguments: [
    ("{start_time: today}", true, true), ("{start_time: today, end_time: today}", false, true),
    ("{start_time: yesterday}", false, true), ("{start_time: 2026-01-01}", false, true),
    ("{start_time: 2026-01-01T00:00:00Z}", false, false),
  ])
  func whatItDependsOn(keys: String, isDayToDate: Bool, needsZone: Bool) throws {
    let document = try ConfigurationDocument(text: keys, file: "/c.yaml", environment: nil)
    let range = try #require(SamespaceRange(document.root(Diagnostics(file: "c"))))
    #expect(range.isDayToDate == isDayToDate)
    #expect(range.needsZone == needsZone)
  }
}

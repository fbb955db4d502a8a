import CollectorKit
import ConfigurationFile
import FoundationEssentials
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

  /// A counter is asked for by its day, whatever range the vendor or the configuration names.
  @Test func aCountersRangeIsADays() {
    #expect(SamespaceRange.counted(nil) == .today)
    #expect(SamespaceRange.counted(.named("PAST_HOUR")) == .today)
    #expect(SamespaceRange.counted(.custom(.text("2026-01-01"), nil)) == .today)
    #expect(SamespaceRange.counted(.named("TODAY")).label == "TODAY")
    #expect(SamespaceRange.counted(.today).label == "today")
  }

  @Test func aDashboardsOwnRangeIsPassedOnAsItCame() throws {
    let range = SamespaceRange.custom(.text("2026-01-01"), .number(1_769_884_199_999))
    #expect(range.label == "custom")
    #expect(!range.isDayToDate)
    #expect(!range.needsZone)
    #expect(SamespacePast(range, endOf: try #require(CivilDate("2026-01-31")), in: .utc) == nil)
    var options = SamespaceRequests.Options()
    options.ask(for: range, in: .utc, now: Self.now)
    let body = try SamespaceRequests.dataBody(of: .report("r"), options)
    #expect(
      String(decoding: body, as: UTF8.self).hasSuffix(
        #""variables":{"endTime":1769884199999,"reportId":"r","startTime":"2026-01-01","#
          + #""timeRange":null}}"#
      )
    )
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

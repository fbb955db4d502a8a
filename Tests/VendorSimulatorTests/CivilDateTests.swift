import Testing

@testable import VendorSimulator

@Suite("Dates and instants")
struct CivilDateTests {
  @Test(arguments: [
    ("1970-01-01", 0, 4), ("1969-12-31", -1, 3), ("2000-02-29", 11_016, 2),
    ("2026-01-14", 20_467, 3), ("2100-03-01", 47_541, 1),
  ])
  func daysAndWeekdays(text: String, days: Int, weekday: Int) throws {
    let date = try #require(CivilDate(parsing: text))
    #expect(date.days == days)
    #expect(date.weekday == weekday)
    #expect(date.text == text)
  }

  @Test(arguments: [
    "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "2026/01/01", "", "20260101",
    "2026-01-1a", "٢026-01-01",
  ])
  func noDates(text: String) {
    #expect(CivilDate(parsing: text) == nil)
  }

  @Test("Every day of a century follows the one before")
  func roundTrip() {
    for days in -18_000...18_000 {
      let (year, month, day) = CivilDate(days: days).civil
      #expect(CivilDate(year: year, month: month, day: day).days == days)
    }
  }

  // RFC 9110's own example of an IMF-fixdate.
  @Test func instants() throws {
    #expect(Timestamp.http(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    let instant = try #require(Timestamp.parse("2026-01-15T10:30:00.25Z"))
    #expect(Timestamp.iso8601(instant, fractionDigits: 6) == "2026-01-15T10:30:00.250000Z")
    #expect(Timestamp.iso8601(instant, fractionDigits: 3) == "2026-01-15T10:30:00.250Z")
    #expect(Timestamp.parse("2026-01-15") == Double(20_468 * 86_400))
  }

  @Test(arguments: ["2026-01-15T", "2026-01-15 10:30:00", "2026-01-15T25:00:00Z", "noon"])
  func noInstants(text: String) {
    #expect(Timestamp.parse(text) == nil)
  }
}

import CollectorKit
import Testing

@testable import Collectors

/// The dates and hours of userEngagementTrend.
@Suite struct KoreDateTests {
  @Test(arguments: [
    ("Aug 06 2020", "2020-08-06"), ("Aug 6 2020", "2020-08-06"), ("Dec 31 2025", "2025-12-31"),
    ("Feb 29 2028", "2028-02-29"), ("aug 06, 2020", "2020-08-06"), ("2020-08-06", "2020-08-06"),
  ])
  func days(text: String, expected: String) {
    #expect(KoreDate.day(text)?.description == expected)
  }

  @Test func everyMonth() {
    let names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(separator: " ")
    let months = names.map { KoreDate.day("\($0) 15 2026")?.components.month }
    #expect(months == Array(1...12))
  }

  @Test(arguments: [
    "", "MMM DD YYYY", "Aug 2020", "Aug 32 2020", "Feb 29 2027", "06 Aug 2020", "Aug 06 20",
    "08/06/2020", "2020-8-6", "2020-08-06T18:30:00.000Z", "Août 06 2020", "Aug +6 2020",
  ])
  func noDays(_ text: String) {
    #expect(KoreDate.day(text) == nil)
  }

  @Test func everyHourOfTheDocumentedSample() {
    for hour in 0...23 {
      let end = (hour + 1) % 24
      #expect(KoreDate.hour("\(hour) - \(end)") == hour)
      #expect(KoreDate.hour("\(hour)-\(end)") == hour)
    }
    #expect(KoreDate.hour("23 - 24") == 23)
    #expect(KoreDate.hour("00 - 01") == 0)
  }

  @Test(arguments: [
    "", "date", "users", "-", "0", "0 - ", " - 1", "0 - 2", "23 - 1", "24 - 25", "-1 - 0",
    "0 - 1 - 2", "a - b", "2020-08",
  ])
  func noHours(_ key: String) {
    #expect(KoreDate.hour(key) == nil)
  }

  /// The latest hour on the clock before a given one.
  @Test(arguments: [
    ("Etc/UTC", "2026-01-15", 10, "2026-01-15 9 - 10"),
    ("Etc/UTC", "2026-01-15", 0, "2026-01-14 23 - 0"),
    ("Asia/Kathmandu", "2026-01-01", 0, "2025-12-31 23 - 0"),
    // The clock leaves out 02:00 to 03:00.
    ("Europe/Berlin", "2026-03-29", 3, "2026-03-29 1 - 2"),
    ("Europe/Berlin", "2026-10-25", 3, "2026-10-25 2 - 3"),
    // Samoa left out the 30th of December 2011.
    ("Pacific/Apia", "2011-12-31", 0, "2011-12-29 23 - 0"),
  ])
  func theHourBefore(zone: String, date: String, hour: Int, expected: String) throws {
    let hour = KoreHour(date: try #require(CivilDate(date)), hour: hour)
    #expect(hour.latestBefore(in: try Zone(named: zone))?.description == expected)
  }
}

import CollectorKit
import Testing

/// Whole hours of the local clock as instants; expected values are UTC times worked out by hand
/// from each zone's published rules.
@Suite struct ZoneInstantTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let zone: String
    let date: String
    let hour: Int
    /// `YYYY-MM-DD` and seconds since that day's midnight in UTC; nil where the hour is left out.
    let expected: (date: String, seconds: Int64)?

    var testDescription: String { "\(zone) \(date) \(hour)" }

    init(_ zone: String, _ date: String, _ hour: Int, _ day: String?, _ seconds: Int64 = 0) {
      self.zone = zone
      self.date = date
      self.hour = hour
      expected = day.map { ($0, seconds) }
    }
  }

  private static let cases = [
    Case("Etc/UTC", "2026-01-15", 0, "2026-01-15", 0),
    Case("Etc/UTC", "2026-01-15", 23, "2026-01-15", 82_800),
    Case("Etc/UTC", "2026-01-15", 24, nil),
    Case("Etc/UTC", "2026-01-15", -1, nil),
    // UTC+05:45 all year.
    Case("Asia/Kathmandu", "2026-01-15", 0, "2026-01-14", 65_700),
    Case("Asia/Kathmandu", "2026-01-15", 6, "2026-01-15", 900),
    Case("Asia/Kathmandu", "2026-01-15", 23, "2026-01-15", 62_100),
    // From 01:00 UTC on the clock goes from 02:00 to 03:00.
    Case("Europe/Berlin", "2026-03-29", 0, "2026-03-28", 82_800),
    Case("Europe/Berlin", "2026-03-29", 1, "2026-03-29", 0),
    Case("Europe/Berlin", "2026-03-29", 2, nil),
    Case("Europe/Berlin", "2026-03-29", 3, "2026-03-29", 3600),
    Case("Europe/Berlin", "2026-03-29", 23, "2026-03-29", 75_600),
    // From 01:00 UTC on the clock goes from 03:00 to 02:00: the first 02:00 is 00:00 UTC.
    Case("Europe/Berlin", "2026-10-25", 1, "2026-10-24", 82_800),
    Case("Europe/Berlin", "2026-10-25", 2, "2026-10-25", 0),
    Case("Europe/Berlin", "2026-10-25", 3, "2026-10-25", 7200),
    // 02:00 EST becomes 03:00 EDT at 07:00 UTC.
    Case("America/New_York", "2026-03-08", 1, "2026-03-08", 21_600),
    Case("America/New_York", "2026-03-08", 2, nil),
    Case("America/New_York", "2026-03-08", 3, "2026-03-08", 25_200),
    // 02:00 EDT becomes 01:00 EST at 06:00 UTC: the first 01:00 is 05:00 UTC.
    Case("America/New_York", "2026-11-01", 1, "2026-11-01", 18_000),
    Case("America/New_York", "2026-11-01", 2, "2026-11-01", 25_200),
    // Samoa left out the whole day when it changed sides of the date line.
    Case("Pacific/Apia", "2011-12-30", 12, nil),
    Case("Pacific/Apia", "2011-12-31", 0, "2011-12-30", 36_000),
    // Half an hour forward, from 02:00 (UTC+10:30) to 02:30 (UTC+11): 02:00 itself is not shown.
    Case("Australia/Lord_Howe", "2026-10-04", 2, nil),
    Case("Australia/Lord_Howe", "2026-10-04", 3, "2026-10-03", 57_600),
  ]

  @Test(arguments: cases)
  func instant(_ testCase: Case) throws {
    let zone = try Zone(named: testCase.zone)
    let date = try #require(CivilDate(testCase.date))
    var expected: Int64?
    if let (day, seconds) = testCase.expected {
      expected = Int64(try #require(CivilDate(day)).dayNumber) * 86_400 + seconds
    }
    #expect(zone.instant(of: date, hour: testCase.hour) == expected)
  }

  /// Whatever the zone does, the clock shows the hour that was asked for.
  @Test(arguments: ["Europe/Berlin", "Asia/Kathmandu", "Africa/Casablanca", "America/St_Johns"])
  func theClockShowsTheHour(_ name: String) throws {
    let zone = try Zone(named: name)
    let first = try #require(CivilDate("2026-01-01"))
    for day in 0..<365 {
      let date = first.adding(days: day)
      let instants = (0...23).compactMap { hour in
        zone.instant(of: date, hour: hour).map { (hour, $0) }
      }
      #expect(instants.count >= 23)
      for (hour, instant) in instants {
        #expect(zone.date(at: Double(instant)) == date)
        #expect(zone.hour(at: Double(instant)) == hour)
      }
      #expect(zip(instants, instants.dropFirst()).allSatisfy { $0.1 < $1.1 })
    }
  }
}

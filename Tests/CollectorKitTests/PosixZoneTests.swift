import TestSupport
import Testing

@testable import CollectorKit

/// TZ strings: POSIX.1-2024, section 8.3, with the wider hours of RFC 9636, section 3.3.1.
@Suite struct PosixZoneTests {
  struct Case: Sendable {
    let rule: String
    let instant: Int64
    let offset: Int

    init(_ rule: String, _ instant: Int64, _ offset: Int) {
      self.rule = rule
      self.instant = instant
      self.offset = offset
    }
  }

  static let cases = [
    Case("UTC0", 0, 0),
    Case("EST5", 0, -18_000),
    Case("<+0330>-3:30", 1_717_200_000, 12_600),
    Case("<-02>2", 1_717_200_000, -7200),
    Case("LMT0:01:15", 0, -75),
    // RFC 9636: daylight saving time all year.
    Case("EST5EDT,0/0,J365/25", 1_704_085_200, -14_400),
    Case("EST5EDT,0/0,J365/25", 1_719_792_000, -14_400),
    Case("EST5EDT,0/0,J365/25", 1_735_707_599, -14_400),
    Case("EST5EDT,0/0,J365/25", 1_735_707_600, -14_400),
    Case("XXX3EDT4,0/0,J365/23", 1_717_200_000, -14_400),
    Case("XXX3EDT4,0/0,J365/23", 1_704_078_000, -14_400),
    // Thursday 2024-03-28 and 26 hours: Friday 02:00 local, midnight in UTC.
    Case("IST-2IDT,M3.4.4/26,M10.5.0", 1_711_670_399, 7200),
    Case("IST-2IDT,M3.4.4/26,M10.5.0", 1_711_670_400, 10_800),
    Case("IST-2IDT,M3.4.4/26,M10.5.0", 1_729_983_599, 10_800),
    Case("IST-2IDT,M3.4.4/26,M10.5.0", 1_729_983_600, 7200),
    // A negative time: an hour before midnight.
    Case("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1_711_846_799, -7200),
    Case("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1_711_846_800, -3600),
    // Irish "standard time" is the later one: daylight time is negative.
    Case("IST-1GMT0,M10.5.0,M3.5.0/1", 1_719_792_000, 3600),
    Case("IST-1GMT0,M10.5.0,M3.5.0/1", 1_733_011_200, 0),
    // Southern summer spans the turn of the year.
    Case("NZST-12NZDT,M9.5.0,M4.1.0/3", 1_704_067_200, 46_800),
    Case("NZST-12NZDT,M9.5.0,M4.1.0/3", 1_719_792_000, 43_200),
    Case("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 1_704_067_200, 39_600),
    // Jn does not count the 29th of February, n does.
    Case("AAA1BBB,J59/0,J60/0", 1_709_208_000, 0),
    Case("AAA1BBB,J59/0,J60/0", 1_709_251_199, 0),
    Case("AAA1BBB,J59/0,J60/0", 1_709_251_200, -3600),
    Case("AAA1BBB,58/0,59/0", 1_709_164_799, 0),
    Case("AAA1BBB,58/0,59/0", 1_709_164_800, -3600),
  ]

  @Test(arguments: cases)
  func offsets(_ item: Case) throws {
    #expect(try #require(PosixZone(item.rule)).offset(at: item.instant) == item.offset)
  }

  @Test(arguments: [
    "", "5", "EST", "ES5", "EST25", "EST5:60", "EST5:00:60", "EST+", "<EST5", "EST5EDT",
    "EST5EDT,", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,", "EST5EDT,M0.2.0,M11.1.0",
    "EST5EDT,M3.0.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
    "EST5EDT,J0,J1", "EST5EDT,J366,J1", "EST5EDT,366,1", "EST5EDT,M3.2.0/168,M11.1.0",
    "EST5EDT,M3.2.0/-168,M11.1.0", "EST5EDT,M3.2.0/,M11.1.0", "EST5EDT,M3.2.0,M11.1.0x",
    "EST5EDT;M3.2.0;M11.1.0", "EST99999999999999999999", "<\u{1}A>5",
  ])
  func malformed(_ rule: String) {
    #expect(PosixZone(rule) == nil)
  }

  @Test func randomRulesNeverTrap() {
    var random = SplitMix64(seed: 11)
    let alphabet = Array("EST5DMJ,./:-+<>0123456789 ")
    var read = 0
    for _ in 0..<20_000 {
      var rule = Array("EST5EDT,M3.2.0/2,M11.1.0")
      for _ in 0...Int.random(in: 0...3, using: &random) {
        let index = Int.random(in: 0..<rule.count, using: &random)
        rule[index] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      guard let zone = PosixZone(String(rule)) else { continue }
      read += 1
      // No more than 24:59:59 either way, and an hour of daylight saving.
      #expect(
        abs(zone.offset(at: Int64.random(in: -9_000_000_000...9_000_000_000, using: &random)))
          <= 93_599
      )
    }
    #expect(read > 100)
  }
}

import CollectorKit
import Testing

/// Durations, times of day and percentages.
@Suite struct ValueTests {
  struct Case: Sendable {
    let text: String
    let seconds: Double?

    init(_ text: String, _ seconds: Double?) {
      self.text = text
      self.seconds = seconds
    }
  }

  // Experia's samples; days, hours past 99 and a second 60, which Rocket.Chat prints.
  @Test(arguments: [
    Case("00 15:49:32", 56_972), Case("00 00:00:20", 20), Case("02 01:00:00", 176_400),
    Case("365 00:00:01", 31_536_001), Case("1000 00:00:00", 86_400_000),
    Case("00:00:20", 20), Case("123:04:05", 443_045), Case("00:01:60", 120),
    Case(" 00 00:00:20 ", 20), Case("00  00:00:20", 20), Case("0 0:0:5", 5),
    Case("00 00:00:20.5", 20.5), Case("01 01:00:00.1", 90_000.1), Case("0:0:5.000001", 5.000001),
    Case("", nil), Case("-", nil), Case(":", nil), Case("::", nil), Case("00:20", nil),
    Case("20", nil),
    Case("00 00:61:00", nil), Case("00 00:00:61", nil), Case("-1 00:00:00", nil),
    Case("00 -1:00:00", nil), Case("00 00:00:20.", nil), Case("00 00:00:.5", nil),
    Case("00 00:00:20,5", nil), Case("00 00:00.5:20", nil), Case("00 00:00:60.5", nil),
    Case("00 00:00:20.5.5", nil), Case("1 2 00:00:00", nil),
    Case("00 00:00:00:00", nil), Case("aa 00:00:00", nil), Case("00 0x:00:00", nil),
    Case("9999999999999 00:00:00", nil), Case("٠٠ ٠٠:٠٠:٢٠", nil), Case("00\n00:00:20", nil),
  ])
  func durations(_ item: Case) {
    #expect(ClockDuration.seconds(item.text) == item.seconds)
  }

  @Test(arguments: [
    Case("00:00", 0), Case("14:00", 50_400), Case("9:30", 34_200), Case("23:59", 86_340),
    Case("23:59:59", 86_399), Case("24:00", 86_400), Case(" 14:00 ", 50_400),
    Case("", nil), Case("14", nil), Case("24:01", nil), Case("24:00:01", nil), Case("25:00", nil),
    Case("14:60", nil), Case("14:00:60", nil), Case("-1:00", nil), Case("2 PM", nil),
    Case("9AM - 10AM", nil), Case("14:00:00:00", nil), Case("14:", nil), Case(":30", nil),
  ])
  func timesOfDay(_ item: Case) {
    #expect(ClockDuration.timeOfDay(item.text) == item.seconds)
  }

  // The literals on the right are the nearest Doubles: a quotient by 100 is not always.
  @Test(arguments: [
    (85.5, 0.855), (92.3, 0.923), (62.5, 0.625), (10.7, 0.107), (0, 0), (100, 1), (-50, -0.5),
    (0.07, 0.0007), (33.333333333333336, 0.33333333333333336), (1e17, 1e15),
  ])
  func ratios(_ percent: Double, _ ratio: Double) {
    #expect(Percent.ratio(percent) == ratio)
  }

  @Test(arguments: [
    Case("10.7%", 10.7), Case("10.7 %", 10.7), Case(" 62.5% ", 62.5), Case("-5%", -5),
    Case("10.7", 10.7), Case("", nil), Case("%", nil), Case("%5", nil), Case("5%%", nil),
    Case("1,250%", nil), Case("1 250", nil), Case("5 percent", nil), Case("0x10", nil),
  ])
  func percentages(_ item: Case) {
    #expect(Percent.number(item.text) == item.seconds)
  }

  @Test func ratiosOfNoNumbers() {
    #expect(Percent.ratio(.infinity) == .infinity)
    #expect(Percent.ratio(.nan).isNaN)
  }
}

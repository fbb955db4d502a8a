import CollectorKit
import Testing

@testable import ExporterCore

/// Numbers, durations and times for people.
@Suite struct WordingTests {
  @Test(arguments: [
    (0, "0 s"), (0.4, "0 s"), (-5, "0 s"), (1, "1 s"), (59.6, "1 min"), (61, "1 min 1 s"),
    (3600, "1 h"), (3661, "1 h 1 min"), (86_400, "1 d"), (90_061, "1 d 1 h"),
    (86_460, "1 d"), (.infinity, "11574074 d 1 h"),
  ])
  func durations(seconds: Double, text: String) {
    #expect(Wording.duration(seconds) == text)
  }

  @Test(arguments: [
    (0, 2, "0"), (12_480, 0, "12,480"), (1_234_567.891, 2, "1,234,567.89"), (999.96, 1, "1,000"),
    (-0.001, 2, "0"), (-1234.5, 1, "−1,234.5"), (3.10, 2, "3.1"),
    (1.005e15, 1, "1005000000000000.0"),
    (.nan, 1, "nan"), (-.infinity, 1, "-inf"), (0.0449, 1, "0"), (100, 1, "100"),
  ])
  func decimals(value: Double, places: Int, text: String) {
    #expect(Wording.decimal(value, places: places) == text)
  }

  @Test(arguments: [
    (0.855, KeyFigure.Unit.ratio, "85.5%"), (0.9, .ratio, "90%"), (0.923, .ratio, "92.3%"),
    (1, .ratio, "100%"), (12.34, .seconds, "12.3 s"), (75, .seconds, "1 min 15 s"),
    (-90, .seconds, "−1 min 30 s"), (0.25, .number, "0.25"), (2824, .number, "2,824"),
  ])
  func values(value: Double, unit: KeyFigure.Unit, text: String) {
    #expect(Wording.value(value, unit) == text)
  }

  /// A Float has 24 bits: 12 345 678 901.5 comes back as 12 345 678 848.
  @Test(arguments: [
    (Double(Float(12_345_678_901.5)), "12,345,700,000"), (Double(Float(0.923)), "0.92"),
    (-1_234_567, "−1,234,570"), (999_999, "999,999"), (0, "0"),
  ])
  func roughValues(value: Double, text: String) {
    #expect(Wording.rough(value, .number) == text)
  }

  /// Rounding must not make a missed objective look kept.
  @Test(arguments: [
    (0.8996, 0.9, "89.96%", "90%"), (0.89999, 0.9, "89.999%", "90%"),
    (0.8999999, 0.9, "just below 90%", "90%"), (0.9000001, 0.9, "just above 90%", "90%"),
    (0.9, 0.9, "90%", "90%"), (0.855, 0.9, "85.5%", "90%"), (0.99952, 0.9995, "100%", "99.95%"),
  ])
  func pairs(value: Double, bound: Double, text: String, boundText: String) {
    let pair = Wording.pair(value, bound, .ratio)
    #expect(pair.value == text)
    #expect(pair.bound == boundText)
  }

  @Test func counts() {
    #expect(Wording.count(1, "target") == "1 target")
    #expect(Wording.count(1200, "target") == "1,200 targets")
  }

  /// 2026-01-10T12:00:00Z is 1 768 046 400 s after the epoch.
  @Test(arguments: [
    (1_768_046_400, "2026-01-10", "12:00:00"), (951_782_399.9, "2000-02-28", "23:59:59"),
    (-1, "1970-01-01", "00:00:00"), (.infinity, "9999-12-31", "23:59:59"),
    (.nan, "1970-01-01", "00:00:00"),
  ])
  func times(unixTime: Double, date: String, time: String) {
    #expect(PageClock.parts(unixTime) == (date, time))
  }

  @Test func anotherDayIsNamed() {
    let clock = PageClock(now: 1_768_046_400)
    let before = String(decoding: clock.ago(1_768_046_400 - 90_000).bytes, as: UTF8.self)
    #expect(
      before
        == "<time datetime=\"2026-01-09T11:00:00Z\">1 d 1 h ago "
        + "<small>2026-01-09 11:00:00 UTC</small></time>"
    )
    let after = String(decoding: clock.ahead(1_768_046_410).bytes, as: UTF8.self)
    #expect(
      after
        == "<time datetime=\"2026-01-10T12:00:10Z\">in 10 s <small>12:00:10 UTC</small></time>"
    )
  }
}

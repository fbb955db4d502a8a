import Testing

@testable import Logging

@Suite struct CivilTimeTests {
  /// Seconds as `date -u -d … +%s` has them.
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"),
      (0.001, "1970-01-01T00:00:00.001Z"),
      (-0.001, "1969-12-31T23:59:59.999Z"),
      (-1, "1969-12-31T23:59:59.000Z"),
      (-86_400, "1969-12-31T00:00:00.000Z"),
      (86_399.999, "1970-01-01T23:59:59.999Z"),
      (951_782_400, "2000-02-29T00:00:00.000Z"),
      (951_868_799, "2000-02-29T23:59:59.000Z"),
      (951_868_800, "2000-03-01T00:00:00.000Z"),
      (946_684_799, "1999-12-31T23:59:59.000Z"),
      (946_684_800, "2000-01-01T00:00:00.000Z"),
      (1_709_164_800, "2024-02-29T00:00:00.000Z"),
      (1_735_689_599.5, "2024-12-31T23:59:59.500Z"),
      (1_735_689_600, "2025-01-01T00:00:00.000Z"),
      (4_107_456_000, "2100-02-28T00:00:00.000Z"),
      (4_107_542_400, "2100-03-01T00:00:00.000Z"),
      (-2_203_891_200, "1900-03-01T00:00:00.000Z"),
      (-2_203_977_600, "1900-02-28T00:00:00.000Z"),
      (-11_644_473_600, "1601-01-01T00:00:00.000Z"),
      (253_402_300_799, "9999-12-31T23:59:59.000Z"),
      (-62_135_596_800, "0001-01-01T00:00:00.000Z"),
      // The nearest millisecond: 0.123 and 0.9996 have no exact Double.
      (1_700_000_000.123, "2023-11-14T22:13:20.123Z"),
      (1_700_000_000.9996, "2023-11-14T22:13:21.000Z"),
    ] as [(Double, String)]
  )
  func instant(_ unixTime: Double, _ expected: String) {
    #expect(CivilTime(unixTime: unixTime).text == expected)
  }

  @Test(arguments: [
    (Double.nan, "1970-01-01T00:00:00.000Z"),
    (.infinity, "9999-12-31T23:59:59.000Z"),
    (1e300, "9999-12-31T23:59:59.000Z"),
    (-.infinity, "0000-01-01T00:00:00.000Z"),
    (-1e300, "0000-01-01T00:00:00.000Z"),
  ])
  func aBrokenClockGivesTheNearestTime(_ unixTime: Double, _ expected: String) {
    #expect(CivilTime(unixTime: unixTime).text == expected)
  }

  @Test func everyMillisecondIsItself() {
    for millisecond in 0..<1000 {
      let text = CivilTime(unixTime: 1_772_368_245 + Double(millisecond) / 1000).text
      let digits = String(millisecond)
      let padded = String(repeating: "0", count: 3 - digits.count) + digits
      #expect(text == "2026-03-01T12:30:45.\(padded)Z")
    }
  }
}

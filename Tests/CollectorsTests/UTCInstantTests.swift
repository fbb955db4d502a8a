import Testing

@testable import Collectors

/// Instants as the vendors take them.
@Suite struct UTCInstantTests {
  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.000Z"),
    (1_768_471_200, "2026-01-15T10:00:00.000Z"), (1_768_471_259.999, "2026-01-15T10:00:59.000Z"),
    (1_709_164_800, "2024-02-29T00:00:00.000Z"), (253_402_300_799, "9999-12-31T23:59:59.000Z"),
  ])
  func text(instant: Double, expected: String) {
    #expect(UTCInstant.text(instant) == expected)
  }
}

import ConfigurationFile
import Testing

/// Prometheus' notation, by the tables of prometheus/common's `TestParseDuration`.
@Suite struct DurationTests {
  @Test(arguments: [
    ("0", 0, "0s"), ("0w", 0, "0s"), ("0s", 0, "0s"), ("324ms", 324, "324ms"),
    ("3s", 3000, "3s"), ("5m", 300_000, "5m"), ("1h", 3_600_000, "1h"),
    ("4d", 345_600_000, "4d"), ("4d1h", 349_200_000, "97h"), ("14d", 1_209_600_000, "2w"),
    ("3w", 1_814_400_000, "3w"), ("3w2d1h", 1_990_800_000, "553h"),
    ("10y", 315_360_000_000, "10y"), ("1h30m", 5_400_000, "1h30m"), ("90m", 5_400_000, "1h30m"),
    ("36h", 129_600_000, "36h"), ("1y2w3d4h5m6s7ms", 33_019_506_007, "9172h5m6s7ms"),
    ("8d", 691_200_000, "8d"), ("007s", 7000, "7s"),
    // The largest: 2^63 - 1 nanoseconds, rounded down.
    ("9223372036854ms", 9_223_372_036_854, "2562047h47m16s854ms"),
  ])
  func readAndWritten(text: String, milliseconds: Int, shortest: String) {
    let duration = ConfigurationDuration.parse(text)
    #expect(duration == .milliseconds(milliseconds))
    #expect(ConfigurationDuration.text(.milliseconds(milliseconds)) == shortest)
    #expect(ConfigurationDuration.parse(shortest) == duration)
  }

  @Test(arguments: [
    "", "1", "60", "-1m", "+1m", "1.5d", "d", "1d ", " 1d", "1 d", "1D", "1h30", "30m1h", "1m1m",
    "1ms1s", "1sm", "1us", "294y", "200y10400w", "107675d", "2584200h", "9223372036855ms",
    "99999999999999999999s", "9223372036854775807y", "1h-30m", "١s", "1e3s", "0x1s", "00",
  ])
  func refused(text: String) {
    #expect(ConfigurationDuration.parse(text) == nil)
  }

  @Test(arguments: [
    (Duration.seconds(-90), "-1m30s"), (.microseconds(1500), "1ms"), (.nanoseconds(1), "0s"),
    (.nanoseconds(-1), "0s"), (.seconds(Int64.max), "9223372036854775807s"),
  ])
  func writtenWhateverItIs(duration: Duration, text: String) {
    #expect(ConfigurationDuration.text(duration) == text)
  }
}

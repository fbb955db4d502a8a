import ConfigurationFile
import Testing

/// Sizes in bytes.
@Suite struct ByteCountTests {
  @Test(arguments: [
    ("0", 0), ("4096", 4096), ("1B", 1), ("512KiB", 524_288), ("8MiB", 8_388_608),
    ("1GiB", 1_073_741_824), ("2TiB", 2_199_023_255_552), ("10KB", 10_000), ("10kB", 10_000),
    ("10MB", 10_000_000), ("3GB", 3_000_000_000), ("1TB", 1_000_000_000_000),
    ("9223372036854775807", Int.max),
  ])
  func read(text: String, bytes: Int) {
    #expect(ByteCount.parse(text) == bytes)
  }

  @Test(arguments: [
    "", "MiB", "-1", "+1", "1.5MiB", "1 MiB", "1mib", "1MIB", "1M", "1Mi", "1MiBs", "8388608TiB",
    "9223372036854775808", "1e3", "٣", "0x10",
  ])
  func refused(text: String) {
    #expect(ByteCount.parse(text) == nil)
  }

  @Test(arguments: [
    (0, "0"), (1, "1"), (1000, "1000"), (1024, "1KiB"), (1536, "1536"), (8_388_608, "8MiB"),
    (1 << 40, "1TiB"),
  ])
  func written(bytes: Int, text: String) {
    #expect(ByteCount.text(bytes) == text)
  }
}

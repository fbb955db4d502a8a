/// Sizes in bytes: `8MiB`, `512KiB`, `1GiB` by powers of 1024, `10MB` by powers of 1000, or bytes.
public enum ByteCount {
  private static let units: [(suffix: String, bytes: Int)] = [
    ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000),
    ("kB", 1000), ("B", 1),
  ]

  /// The number of bytes that `text` stands for.
  ///
  /// - Returns: nil for anything but digits and a unit, and for more than 64 bits hold.
  public static func parse(_ text: String) -> Int? {
    let digits = text.utf8.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard let amount = Int(Substring(digits)) else { return nil }
    let suffix = text[digits.endIndex...]
    guard !suffix.isEmpty else { return amount }
    guard let unit = units.first(where: { $0.suffix == suffix }) else { return nil }
    let product = amount.multipliedReportingOverflow(by: unit.bytes)
    return product.overflow ? nil : product.partialValue
  }

  /// The number with the largest unit of 1024 that leaves no rest.
  public static func text(_ bytes: Int) -> String {
    for (suffix, unit) in units.prefix(4) where bytes != 0 && bytes % unit == 0 {
      return "\(bytes / unit)\(suffix)"
    }
    return "\(bytes)"
  }
}

/// The names in a storage folder.
///
/// Sequence numbers are written with 16 hexadecimal digits, so that names sort like numbers.
struct StorageFolder: Sendable {
  let path: String

  func journal(_ first: UInt64) -> String { "\(path)/ledger-\(digits(first)).journal" }

  func snapshot(_ last: UInt64) -> String { "\(path)/ledger-\(digits(last)).snapshot" }

  func state(_ name: String) -> String { "\(path)/\(name).state" }

  /// The name of the state in a file of that name, nil for other files.
  static func stateName(_ file: String) -> String? {
    file.hasSuffix(".state") ? String(file.dropLast(6)) : nil
  }

  func temporary(_ path: String) -> String { path + ".tmp" }

  func damaged(_ path: String, at unixTime: Double) -> String {
    "\(path).damaged-\(Int64(exactly: unixTime.rounded(.down)) ?? 0)"
  }

  /// The numbers of the names with that ending, ascending.
  static func numbers(in names: [String], ending: String) -> [UInt64] {
    names.compactMap { name in
      guard name.hasPrefix("ledger-"), name.hasSuffix(ending) else { return nil }
      let digits = name.dropFirst(7).dropLast(ending.count)
      return digits.utf8.count == 16 ? UInt64(digits, radix: 16) : nil
    }
    .sorted()
  }

  private func digits(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}

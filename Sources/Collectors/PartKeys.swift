/// The keys of parts whose names may stand twice, with other filters or another range.
struct PartKeys {
  private var counts: [String: Int] = [:]

  /// The name, with a number from its second time on.
  mutating func key(_ name: String) -> String {
    let count = counts[name, default: 0] + 1
    counts[name] = count
    return count == 1 ? name : "\(name) (\(count))"
  }
}

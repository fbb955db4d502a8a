import CollectorKit

/// Reads the dates and hours of userEngagementTrend.
enum KoreDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// A day written `Aug 06 2020`, always in English, or `2020-08-06`; nil for anything else.
  static func day(_ text: String) -> CivilDate? {
    if let date = CivilDate(text) { return date }
    let parts = text.split { $0 == " " || $0 == "," }
    guard parts.count == 3, let month = months.firstIndex(of: parts[0].lowercased()),
      let day = number(parts[1], digits: 1...2), let year = number(parts[2], digits: 4...4)
    else { return nil }
    return CivilDate(year: year, month: month + 1, day: day)
  }

  /// The hour that a key such as `0 - 1` or `23 - 0` begins with; nil for any other key.
  static func hour(_ key: String) -> Int? {
    let parts = key.filter { $0 != " " }.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let start = number(parts[0], digits: 1...2),
      let end = number(parts[1], digits: 1...2), (0...23).contains(start),
      end == (start + 1) % 24 || end == start + 1
    else { return nil }
    return start
  }

  private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
    guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int(text)
  }
}

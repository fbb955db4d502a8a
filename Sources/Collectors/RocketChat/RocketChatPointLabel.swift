import CollectorKit

/// What a point of a chart stands for, read from its label.
///
/// Ranges of several days have labels such as `10/1` without a year, for UTC days. A single day
/// has hours of the workspace's own day: `12AM-1AM`, in newer versions `12AM-12AM`.
enum RocketChatPointLabel: Sendable, Hashable {
  /// A UTC day of some year.
  case day(month: Int, day: Int)
  /// An hour of a local day, 0 to 23.
  case hour(Int)

  /// Reads a label; nil where it is neither.
  init?(_ text: String) {
    if let day = RocketChatPointLabel.day(text) {
      self = day
    } else if let hour = RocketChatPointLabel.hour(text) {
      self = .hour(hour)
    } else {
      return nil
    }
  }

  /// The label of a day.
  init(_ date: CivilDate) {
    let (_, month, day) = date.components
    self = .day(month: month, day: day)
  }

  private static func day(_ text: String) -> RocketChatPointLabel? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let month = number(parts[0]), let day = number(parts[1]),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    return .day(month: month, day: day)
  }

  /// The hour before the `-`: what follows it differs between versions.
  private static func hour(_ text: String) -> Int? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let start = parts[0].filter { $0 != " " }.uppercased()
    let isAfternoon = start.hasSuffix("PM")
    guard isAfternoon || start.hasSuffix("AM"), let hour = number(start.dropLast(2)),
      (1...12).contains(hour)
    else { return nil }
    return hour % 12 + (isAfternoon ? 12 : 0)
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int(text)
  }
}

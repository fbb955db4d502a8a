/// The time that an insight or report looks at.
struct SamespaceWindow {
  /// The ranges that the vendor's documents show, in seconds; three months are taken as 90 days.
  static let ranges: [String: Double] = [
    "PAST_HOUR": 3600, "PAST_30_DAYS": 30 * 86_400, "PAST_3_MONTHS": 90 * 86_400,
  ]

  let from: Double
  let to: Double

  /// The window of the same length that ends where this one starts.
  var previous: SamespaceWindow {
    SamespaceWindow(from: from - (to - from), to: from)
  }

  init(from: Double, to: Double) {
    self.from = from
    self.to = to
  }

  /// The window of a range's name, or nil for an unknown one.
  init?(_ range: String, at now: Double) {
    guard let seconds = SamespaceWindow.ranges[range] else { return nil }
    self.init(from: now - seconds, to: now)
  }
}

import CollectorKit
import ConfigurationFile

/// Which time a request looks at: a range that the vendor knows by name, or one with fixed ends.
enum SamespaceRange: Sendable, Equatable {
  /// A value of the vendor's `TimeRange`, such as `PAST_HOUR`.
  case named(String)
  /// From `startTime` to `endTime`, without an end up to now.
  case fixed(Edge, Edge?)
  /// A dashboard's own `startTime` and `endTime`, given back as they came.
  case custom(SamespaceDate?, SamespaceDate?)

  /// The local day so far.
  static let today = SamespaceRange.fixed(.dayStart(daysBack: 0), nil)

  /// A configured end of a range.
  enum Edge: Sendable, Equatable {
    /// The start of the local day so many days back: `today`, `yesterday`.
    case dayStart(daysBack: Int)
    /// The start of a local day.
    case date(CivilDate)
    /// An instant in Unix seconds.
    case instant(Double)
  }

  /// Whether the range starts again each day, so that its totals can be a counter's.
  var isDayToDate: Bool { self == .today || self == .named("TODAY") }

  /// The range of a counter's total, whatever range is given: one day's.
  static func counted(_ range: SamespaceRange?) -> SamespaceRange {
    if let range, range.isDayToDate { range } else { .today }
  }

  /// Whether a day's start must be known.
  var needsZone: Bool {
    guard case .fixed(let start, let end) = self else { return false }
    return [start, end].contains { edge in
      switch edge {
      case .dayStart, .date: true
      case .instant, nil: false
      }
    }
  }

  /// The label `time_range`.
  var label: String {
    switch self {
    case .named(let name): name
    case .fixed(let start, let end): start.text + (end.map { "/\($0.text)" } ?? "")
    case .custom: "custom"
    }
  }

  /// Reads `time_range`, or `start_time` and `end_time`; nil where there is none of them or an error
  /// was recorded.
  init?(_ section: Section) {
    let name = SamespaceRange.name(section)
    let start = SamespaceRange.edge("start_time", section)
    let end = SamespaceRange.edge("end_time", section)
    if section.has("start_time"), section.has("time_range") {
      section.report("\"time_range\" is given as well; give only one of the two", at: "start_time")
    }
    if section.has("end_time"), !section.has("start_time") {
      section.report("needs start_time", at: "end_time")
    }
    if let start {
      if let end, !SamespaceRange.isOrdered(start, end) {
        section.report("is not behind start_time", at: "end_time")
      }
      self = .fixed(start, end)
    } else if let name {
      self = .named(name)
    } else {
      return nil
    }
  }

  /// The vendor's page shows three names and lists none, so that any word in capitals is passed on.
  private static func name(_ section: Section) -> String? {
    guard let text = section.string("time_range") else { return nil }
    let isWord = text.utf8.allSatisfy { byte in
      (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }
    if isWord, !text.isEmpty { return text }
    section.report(
      "\"\(ErrorEnvelope.printable(text))\" is no time range such as PAST_HOUR: capitals, digits and "
        + "\"_\"",
      at: "time_range"
    )
    return nil
  }

  private static func edge(_ key: String, _ section: Section) -> Edge? {
    guard let text = section.string(key) else { return nil }
    if let edge = Edge(text) { return edge }
    section.report(
      "\"\(ErrorEnvelope.printable(text))\" is no day such as 2026-01-31, no instant such as "
        + "2026-01-31T08:00:00Z, and neither today nor yesterday",
      at: key
    )
    return nil
  }

  private static func isOrdered(_ start: Edge, _ end: Edge) -> Bool {
    switch (start, end) {
    case (.dayStart(let first), .dayStart(let last)): last < first
    case (.date(let first), .date(let last)): first < last
    case (.instant(let first), .instant(let last)): first < last
    default: true
    }
  }

  /// The range in Unix seconds; nil for one that the vendor names or describes.
  func bounds(in zone: Zone, now: Double) -> (start: Double, end: Double)? {
    guard case .fixed(let start, let end) = self else { return nil }
    return (start.instant(in: zone, now: now), end.map { $0.instant(in: zone, now: now) } ?? now)
  }
}

extension SamespaceRange.Edge {
  fileprivate init?(_ text: String) {
    if text == "today" {
      self = .dayStart(daysBack: 0)
    } else if text == "yesterday" {
      self = .dayStart(daysBack: 1)
    } else if let date = CivilDate(text) {
      self = .date(date)
    } else if let instant = ISOTime.seconds(text) {
      self = .instant(instant)
    } else {
      return nil
    }
  }

  fileprivate var text: String {
    switch self {
    case .dayStart(let daysBack): daysBack == 0 ? "today" : "yesterday"
    case .date(let date): "\(date)"
    case .instant(let instant): SamespaceRequests.date(instant)
    }
  }

  fileprivate func instant(in zone: Zone, now: Double) -> Double {
    switch self {
    case .dayStart(let daysBack):
      Double(zone.startOfDay(zone.date(at: now).adding(days: -daysBack)))
    case .date(let date): Double(zone.startOfDay(date))
    case .instant(let instant): instant
    }
  }
}

/// What `GetDashboard` says of a dashboard (vendor page, "API to get Dashboards").
///
/// The vendor's sample lacks documented fields and has nulls, so that everything may be absent.
struct SamespaceDashboard: Decodable, Sendable {
  /// The id that the answer names.
  let id: String?
  /// The dashboard's own time range: its name, or where that is null its ends.
  let range: SamespaceRange?
  let timezone: String?
  /// The insights in the dashboard's order, each id once; nil where the answer has no list.
  var insights: [SamespaceInsight]?
  /// How many entries of the list have no id, and so cannot be asked for.
  let nameless: Int

  private enum Key: String, CodingKey { case id, timeRange, startTime, endTime, timezone, insights }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for key in [Key.timeRange, .timezone] where container.isUnreadable(key, atMost: 64) {
      throw DecodingError.dataCorruptedError(
        forKey: key,
        in: container,
        debugDescription: "it is no short text"
      )
    }
    id = container.text(.id)
    timezone = container.text(.timezone, atMost: 64)
    if let name = container.text(.timeRange, atMost: 64) {
      range = .named(name)
    } else {
      let start = try container.decodeIfPresent(SamespaceDate.self, forKey: .startTime)
      let end = try container.decodeIfPresent(SamespaceDate.self, forKey: .endTime)
      range = start == nil && end == nil ? nil : .custom(start, end)
    }
    let entries = try container.decodeIfPresent([Entry].self, forKey: .insights)
    var ids: Set<String> = []
    insights = entries?.compactMap(\.insight).filter { ids.insert($0.id).inserted }
    nameless = entries?.filter { $0.insight == nil }.count ?? 0
  }

  /// The range that an insight shows: its own, else the dashboard's.
  func range(of insight: SamespaceInsight) -> SamespaceRange? {
    insight.timeRange.map { .named($0) } ?? range
  }

  /// Each insight costs a request a poll: no dashboard that people look at has more.
  private static let mostInsights = 500

  /// The insights that have one value, the only shape that the vendor documents; at most 500.
  var statInsights: [SamespaceInsight] {
    Array((insights ?? []).lazy.filter(\.isStat).prefix(SamespaceDashboard.mostInsights))
  }

  /// How many STAT insights there are beyond those.
  var surplus: Int {
    (insights ?? []).count(where: \.isStat) - statInsights.count
  }

  /// An entry that may be null or lack its id.
  private struct Entry: Decodable {
    let insight: SamespaceInsight?

    init(from decoder: any Decoder) throws {
      insight = try? SamespaceInsight(from: decoder)
    }
  }

  /// The `data` of the answer.
  struct Answer: Decodable, Sendable {
    let dashboard: SamespaceDashboard?
  }
}

extension KeyedDecodingContainer {
  /// A text that is there, not empty, and short enough for a label or a request.
  func text(_ key: Key, atMost length: Int = 1024) -> String? {
    guard let text = try? decodeIfPresent(String.self, forKey: key), !text.isEmpty,
      text.utf8.count <= length
    else { return nil }
    return text
  }

  /// Whether something is there that is no such text, and neither null nor empty.
  func isUnreadable(_ key: Key, atMost length: Int = 1024) -> Bool {
    contains(key) && text(key, atMost: length) == nil && (try? decodeNil(forKey: key)) != true
      && (try? decode(String.self, forKey: key)) != ""
  }
}

/// What `GetDashboard` says of a dashboard (vendor page, "API to get Dashboards").
///
/// The vendor's sample lacks documented fields and has nulls, so that everything may be absent.
struct SamespaceDashboard: Decodable, Sendable {
  /// The dashboard's own time range.
  let timeRange: String?
  /// The insights in the dashboard's order, each id once; nil where the answer has no list.
  let insights: [SamespaceInsight]?
  /// How many entries of the list have no id, and so cannot be asked for.
  let nameless: Int

  private enum Key: String, CodingKey { case timeRange, insights }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    timeRange = container.text(.timeRange, atMost: 64)
    let entries = try container.decodeIfPresent([Entry].self, forKey: .insights)
    var ids: Set<String> = []
    insights = entries?.compactMap(\.insight).filter { ids.insert($0.id).inserted }
    nameless = entries?.filter { $0.insight == nil }.count ?? 0
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
}

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
    timeRange = container.text(.timeRange)
    let entries = try container.decodeIfPresent([Entry].self, forKey: .insights)
    var ids: Set<String> = []
    insights = entries?.compactMap(\.insight).filter { ids.insert($0.id).inserted }
    nameless = entries?.filter { $0.insight == nil }.count ?? 0
  }

  /// The insights that have one value: the only shape that the vendor documents.
  var statInsights: [SamespaceInsight] {
    (insights ?? []).filter(\.isStat)
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
  /// A text that is there and not empty.
  func text(_ key: Key) -> String? {
    guard let text = try? decodeIfPresent(String.self, forKey: key), !text.isEmpty else {
      return nil
    }
    return text
  }
}

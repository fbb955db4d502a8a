import CollectorKit

/// One insight of a dashboard.
struct SamespaceInsight: Decodable, Sendable {
  let id: String
  let title: String?
  let timeRange: String?
  let timezone: String?
  /// The fields that are there and cannot be read.
  let unreadable: [String]
  /// Whether the template has a type.
  let hasType: Bool
  /// Whether the template's type is `STAT`, in whatever case.
  let isStat: Bool
  /// The template's `valueFormat` in lower case; empty where there is none.
  let format: String

  private enum Key: String, CodingKey { case id, title, timeRange, timezone, template }
  private enum TemplateKey: String, CodingKey { case type, preferences }
  private enum PreferenceKey: String, CodingKey { case valueFormat }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    // It stands in messages and in the names of parts.
    guard let id = container.text(.id, atMost: 128), ErrorEnvelope.printable(id) == id else {
      throw DecodingError.dataCorruptedError(
        forKey: .id,
        in: container,
        debugDescription: "an insight without an id that is short and can be printed"
      )
    }
    self.id = id
    title = container.text(.title)
    timeRange = container.text(.timeRange, atMost: 64)
    timezone = container.text(.timezone, atMost: 64)
    let template = try? container.nestedContainer(keyedBy: TemplateKey.self, forKey: .template)
    let type = template?.text(.type)
    isStat = type?.lowercased() == "stat"
    hasType = type != nil
    unreadable = [Key.timeRange, .timezone].filter { container.isUnreadable($0, atMost: 64) }
      .map(\.rawValue)
    let preferences = try? template?.nestedContainer(
      keyedBy: PreferenceKey.self,
      forKey: .preferences
    )
    format = preferences?.text(.valueFormat)?.lowercased() ?? ""
  }
}

import CollectorKit

/// What `GetInsightData` says of a STAT insight: `{"data":[{"value":…,"previousValue":…}]}` (vendor
/// page, "Get Insight Data").
///
/// The answer is an opaque JSON scalar, so that nothing of its shape is promised: whatever is null,
/// empty or absent is no value.
struct SamespaceInsightData: Decodable, Sendable {
  /// The value over the time range.
  let value: JSONNumber
  /// The value of the period before.
  let previousValue: JSONNumber
  /// What else the answer has and is not used.
  let surplus: [String]

  private enum Key: String, CodingKey { case data }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let rows = try container.decodeIfPresent([Row?].self, forKey: .data) ?? []
    let row = rows.first ?? nil
    value = row?.value ?? .absent
    previousValue = row?.previousValue ?? .absent
    // The series' labels have no place for a second row.
    surplus = rows.count > 1 ? ["\(rows.count - 1) rows behind data[0]"] : []
  }

  /// The answer's row; its own `title` is not unique and not used.
  private struct Row: Decodable {
    let value: JSONNumber?
    let previousValue: JSONNumber?
  }

  /// The `data` of the answer.
  struct Answer: Decodable, Sendable {
    let getInsightData: SamespaceInsightData?
  }
}

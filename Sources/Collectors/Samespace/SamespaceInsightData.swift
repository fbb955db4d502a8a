import CollectorKit

/// What `GetInsightData` says of a STAT insight: `{"data":[{"value":…,"previousValue":…}]}` (vendor
/// page, "Get Insight Data").
///
/// The answer is an opaque JSON scalar, so that nothing of its shape is promised: whatever is null,
/// empty or absent is no value.
struct SamespaceInsightData: Decodable, Sendable {
  /// The value over the time range.
  let value: PayloadValue
  /// The value of the period before.
  let previousValue: PayloadValue
  /// What is not used, or not there, though nothing failed.
  let notes: [String]

  private enum Key: String, CodingKey { case data }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let members = try decoder.container(keyedBy: AnyKey.self).allKeys
    guard container.contains(.data) || members.isEmpty else {
      throw DecodingError.keyNotFound(
        Key.data,
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no data")
      )
    }
    let rows = try container.decodeIfPresent([Row?].self, forKey: .data) ?? []
    let row = rows.first ?? nil
    value = row?.value ?? .null
    previousValue = row?.previousValue ?? .null
    var notes: [String] = []
    // The series' labels have no place for a second row.
    if rows.count > 1 { notes.append("the answer has several rows: the first is the figure") }
    if let row, !row.hasValue { notes.append("the answer's first row has no \"value\"") }
    self.notes = notes
  }

  /// The answer's row; its own `title` is not unique and not used.
  private struct Row: Decodable {
    let hasValue: Bool
    let value: PayloadValue?
    let previousValue: PayloadValue?

    private enum Key: String, CodingKey { case value, previousValue }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      hasValue = container.contains(.value)
      value = try container.decodeIfPresent(PayloadValue.self, forKey: .value)
      previousValue = try container.decodeIfPresent(PayloadValue.self, forKey: .previousValue)
    }
  }

  /// The `data` of the answer.
  struct Answer: Decodable, Sendable {
    let getInsightData: SamespaceInsightData?
  }
}

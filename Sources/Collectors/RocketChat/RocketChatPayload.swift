import CollectorKit

/// The answer of charts-data (vendor page, "Responses").
struct RocketChatPayload: Decodable, Sendable {
  /// The points of a chart, by what their labels mean.
  enum Points: Sendable, Equatable {
    /// UTC days in the vendor's order; a label may stand more than once.
    case days([Day])
    /// The hours of one local day.
    case hours([JSONNumber])

    /// Whether there is a point for that day; hours have no date, so they stand for any.
    func cover(_ date: CivilDate) -> Bool {
      guard case .days(let days) = self else { return true }
      return days.contains { $0.label == RocketChatPointLabel(date) }
    }
  }

  /// One day's point.
  struct Day: Sendable, Equatable {
    let label: RocketChatPointLabel
    let value: JSONNumber
  }

  /// False in an error's envelope.
  let success: Bool?
  /// `dataLabels`.
  let labels: [String]?
  /// `dataPoints`.
  let values: [JSONNumber]?

  private enum CodingKeys: String, CodingKey {
    case success
    case labels = "dataLabels"
    case values = "dataPoints"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    success = try? container.decode(Bool.self, forKey: .success)
    labels = try container.decodeIfPresent([String].self, forKey: .labels)
    values = try container.decodeIfPresent([JSONNumber].self, forKey: .values)
  }

  /// The points of labels and values that belong together.
  ///
  /// - Parameters:
  ///   - labels: `dataLabels`.
  ///   - values: `dataPoints`, as many as there are labels.
  ///   - skipped: Takes labels among days that cannot be read.
  /// - Returns: The points, or nil where the labels are neither days nor hours.
  static func points(
    _ labels: [String],
    _ values: [JSONNumber],
    _ skipped: inout [String]
  ) -> Points? {
    var days: [Day] = []
    var hours: [JSONNumber] = []
    var unreadable: [String] = []
    for (text, value) in zip(labels, values) {
      switch RocketChatPointLabel(text) {
      case .day(let month, let day)?:
        days.append(Day(label: .day(month: month, day: day), value: value))
      case .hour?: hours.append(value)
      case nil: unreadable.append(text)
      }
    }
    if !days.isEmpty {
      skipped += unreadable.map { "the label \"\(shown($0))\" is no day such as 10/1" }
      return .days(days)
    }
    return unreadable.isEmpty && !hours.isEmpty ? .hours(hours) : nil
  }

  /// A label of the answer, fit for a message.
  static func shown(_ label: String) -> String {
    ErrorEnvelope.printable(String(label.prefix(40)))
  }
}

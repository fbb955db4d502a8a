import CollectorKit

/// The answer of charts-data (vendor page, "Responses").
struct RocketChatPayload: Decodable, Sendable {
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

  /// The points of days; a label may be in the answer more than once.
  ///
  /// - Parameters:
  ///   - labels: `dataLabels`.
  ///   - values: `dataPoints`, as many as there are labels.
  ///   - required: Those of the days that were asked for that must have a point. The newest is always
  ///     among them: if it is missing, the labels are not what is known of the server, and no other
  ///     point can be trusted either. A workspace that is not in UTC has a day more than asked for.
  ///   - skipped: Takes labels that are not days, and days that are in the answer twice.
  /// - Returns: The points, one for each required day and perhaps more.
  /// - Throws: `UnlabelledDay` for the newest required day without a point.
  static func days(
    _ labels: [String],
    _ values: [JSONNumber],
    required: ClosedRange<CivilDate>,
    _ skipped: inout [String]
  ) throws(UnlabelledDay) -> [Day] {
    var days: [Day] = []
    var known: [RocketChatPointLabel: JSONNumber] = [:]
    var doubtful: [String] = []
    for (text, value) in zip(labels, values) {
      guard let label = RocketChatPointLabel(text), case .day = label else {
        doubtful.append("the label \(shown(text)) is not a day such as 10/1")
        continue
      }
      if let earlier = known.updateValue(value, forKey: label), earlier != value {
        doubtful.append("the label \(shown(text)) has two points, of which the last is taken")
      }
      days.append(Day(label: label, value: value))
    }
    for number in (required.lowerBound.dayNumber...required.upperBound.dayNumber).reversed() {
      let day = CivilDate(dayNumber: number)
      if known[RocketChatPointLabel(day)] == nil { throw UnlabelledDay(day: day, labels: labels) }
    }
    skipped += doubtful
    return days
  }

  /// A day that was asked for and has no point.
  struct UnlabelledDay: Error {
    let day: CivilDate
    /// The answer's labels.
    let labels: [String]

    /// What is missing, and what there is instead: all labels of a short answer.
    var message: String {
      let (_, month, number) = day.components
      let isLong = labels.count > UnlabelledDay.mostShown
      let shown = labels.prefix(isLong ? UnlabelledDay.mostShown - 1 : labels.count)
      var list = shown.map(RocketChatPayload.shown).joined(separator: ", ")
      if isLong, let last = labels.last {
        list += " to \(RocketChatPayload.shown(last)), \(labels.count) in all"
      }
      return
        "no point has the label \"\(month)/\(number)\" of \(day): the labels are \(list); this "
        + "version of Rocket.Chat may label its days otherwise than the agent knows"
    }

    private static let mostShown = 8
  }

  /// A label of the answer in quotes, fit for a message.
  private static func shown(_ label: String) -> String {
    "\"\(ErrorEnvelope.printable(String(label.prefix(40))))\""
  }
}

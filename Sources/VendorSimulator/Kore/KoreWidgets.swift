/// The widgets of the simulated bot's dashboard.
struct KoreWidgets: Sendable {
  static let dashboard = "Operations"
  /// One of them has a slash in its name, which must travel as `%2F`.
  static let names = ["Intents", "Tasks", "Inbound/Outbound"]
  /// What the documentation allows for `limit`; asked for more, and not asked at all, it is this.
  static let maxLimit = 50
  static let records = Series("records", perDay: 1500)
  private static let outcomes = [
    ("successintents", 0.46), ("successtasks", 0.34), ("failedintents", 0.09),
    ("failedtasks", 0.06), ("unhandledutterances", 0.05),
  ]
  /// Messages by direction, for each record.
  private static let directions = [("incoming", 1.8), ("outgoing", 2.2)]

  let model: DayModel

  /// A page of a widget's rows over [from, to).
  ///
  /// - Parameters:
  ///   - name: The widget.
  ///   - from: Unix seconds.
  ///   - to: Unix seconds.
  ///   - share: What the custom filters leave.
  ///   - skip: Rows before the page.
  ///   - limit: Rows of the page.
  /// - Returns: The rows, keyed by column.
  func page(
    _ name: String,
    from: Double,
    to: Double,
    share: Double,
    skip: Int,
    limit: Int
  ) -> [JSONValue] {
    switch name {
    case "Intents":
      // Without a group-by there is one row a record, and the engine answers in lower case.
      let count = model.count(KoreWidgets.records, from: from, to: to, share: share)
      return (0..<count).dropFirst(skip).prefix(limit).map { number in
        ["metrictype": .string(outcome(Int(from), number))]
      }
    case "Tasks":
      return KoreWidgets.outcomes.dropFirst(skip).prefix(limit).map { outcome, part in
        let count = model.count(KoreWidgets.records, from: from, to: to, share: share * part)
        // Whether counts are numbers or strings is not documented; here they are strings.
        return ["metricType": .string(outcome), "TotalTasks": .string(String(count))]
      }
    default:
      return KoreWidgets.directions.dropFirst(skip).prefix(limit).map { direction, part in
        let count = model.count(
          KoreWidgets.records,
          from: from,
          to: to,
          share: share * part
        )
        return ["messagetype": .string(direction), "count(messageId)": .integer(count)]
      }
    }
  }

  /// The columns of a widget: those that are grouped by, then those that are counted.
  static func columns(_ name: String) -> (dimension: String, metric: String?) {
    switch name {
    case "Intents": ("metricType", nil)
    case "Tasks": ("metricType", "TotalTasks")
    default: ("messagetype", "count(messageId)")
    }
  }

  private func outcome(_ range: Int, _ number: Int) -> String {
    var draw = model.noise.unit(31, range, number)
    for (outcome, part) in KoreWidgets.outcomes {
      if draw < part { return outcome }
      draw -= part
    }
    return KoreWidgets.outcomes[0].0
  }
}

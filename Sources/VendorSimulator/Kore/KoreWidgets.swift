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

  let model: DayModel

  /// A widget's rows over [from, to).
  ///
  /// - Parameter share: What the custom filters leave.
  func rows(_ name: String, from: Double, to: Double, share: Double) -> [JSONValue] {
    switch name {
    case "Intents":
      // Without a group-by there is one row a record, and the engine answers in lower case.
      let count = model.count(KoreWidgets.records, from: from, to: to, share: share)
      return (0..<count).map { number in
        ["metrictype": .string(outcome(Int(from), number))]
      }
    case "Tasks":
      return KoreWidgets.outcomes.map { outcome, part in
        let count = model.count(KoreWidgets.records, from: from, to: to, share: share * part)
        // Whether counts are numbers or strings is not documented; here they are strings.
        return ["metricType": .string(outcome), "TotalTasks": .string(String(count))]
      }
    default:
      return [("incoming", 0.45), ("outgoing", 0.55)].map { direction, part in
        let count = model.count(
          KoreWidgets.records,
          from: from,
          to: to,
          share: share * part * 4
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

import CollectorKit
import Exposition
import Ledger

/// Turns an insight's data into families: a pure function of the data, the insight and the time.
struct SamespaceFamilies: Sendable {
  let configuration: SamespaceConfiguration

  private static let valueName = "samespace_stat_value"
  private static let previousValueName = "samespace_stat_previous_value"
  private static let levelName = "samespace_sla_value"
  private static let objectiveName = "samespace_sla_objective_value"

  /// The names that are not an insight's own.
  static let genericNames = [valueName, previousValueName, levelName, objectiveName]

  /// The families of one insight.
  ///
  /// - Parameters:
  ///   - data: The insight's data; nil gives no sample.
  ///   - insight: The insight as its dashboard describes it.
  ///   - dashboard: The dashboard's configuration.
  ///   - timeRange: The time range that was asked for.
  ///   - bucket: The day that was asked for, of a counter.
  /// - Returns: The generic gauges, or the insight's own gauge or observation.
  func values(
    _ data: SamespaceInsightData?,
    of insight: SamespaceInsight,
    in dashboard: SamespaceConfiguration.Dashboard,
    timeRange: String?,
    bucket: Bucket?
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    let key = "\(dashboard.id)/\(insight.id)"
    func note(_ text: String) { result.notes.append("insight \(key): \(text)") }
    guard let data else {
      note("the answer is null, without an error: no value")
      return result
    }
    for text in data.notes { note(text) }
    let own = dashboard.insights[insight.id]
    func number(_ figure: PayloadValue, _ field: String) -> Double? {
      switch figure.read(as: own?.format) {
      case .value(let value): return value
      case .none: return nil
      case .unreadable(let seen):
        let wanted = own?.format.map { "written as format \($0.rawValue)" } ?? "plainly a number"
        result.skipped.append("\(field) is \(seen), not \(wanted)")
      }
      return nil
    }
    var title = insight.title ?? insight.id
    if let kind = Identifier.kind(of: title), kind == .email || kind == .phone {
      note("the title holds \(kind.rawValue); the label title shows the id")
      title = insight.id
    }
    let labels: LabelSet = [
      "dashboard": dashboard.id,
      "insight": insight.id,
      "title": SamespaceFamilies.bounded(title),
      "time_range": timeRange ?? "",
      "format": SamespaceFamilies.bounded(insight.format),
    ]
    let value = number(data.value, "value")
    if let objective = own?.objective, let value {
      let level = own?.family?.scaled(value) ?? value
      result.families += SamespaceFamilies.level(level, against: objective, labels: labels)
    }
    if let family = own?.family {
      guard let value else { return result }
      add(family, value: family.scaled(value), labels: labels, bucket: bucket, to: &result)
      return result
    }
    let previous = number(data.previousValue, "previousValue")
    let texts = "; a text with % as its ratio, HH:MM:SS as seconds"
    let gauges = [
      (
        SamespaceFamilies.valueName, value,
        "Value of a STAT insight over its time range, in the unit of its format" + texts
          + " (value)"
      ),
      (
        SamespaceFamilies.previousValueName, previous,
        "Value of a STAT insight over the period before its time range, in the unit of its format"
          + texts + " (previousValue)"
      ),
    ]
    for case (let name, let value?, let meaning) in gauges {
      result.families.append(
        MetricFamily(
          name: name,
          type: .gauge,
          help: meaning + SamespaceFamilies.cached,
          samples: [Sample(labels: labels, value: value)]
        )
      )
    }
    return result
  }

  /// The value beside its objective, in families that rules can know by name whatever family the
  /// insight was given.
  private static func level(
    _ value: Double,
    against objective: SamespaceObjective,
    labels: LabelSet
  ) -> [MetricFamily] {
    let bounded = labels.adding("bound", objective.bound.rawValue)
    let gauges = [
      (levelName, value, "Value of an insight with an objective, in the insight's unit (value)"),
      (
        objectiveName, objective.limit,
        "The least or most that the insight's value is to be, by the label bound (configuration)"
      ),
    ]
    return gauges.map { name, value, meaning in
      MetricFamily(
        name: name,
        type: .gauge,
        help: meaning + cached,
        samples: [Sample(labels: bounded, value: value)]
      )
    }
  }

  private static let cached = "; polled in the background and cached."

  private func add(
    _ family: SamespaceInsightFamily,
    value: Double,
    labels: LabelSet,
    bucket: Bucket?,
    to result: inout PollOutcome.Values
  ) {
    let meaning = family.help.hasSuffix(".") ? String(family.help.dropLast()) : family.help
    switch family.kind {
    case .gauge:
      result.families.append(
        MetricFamily(
          name: family.metric,
          type: .gauge,
          help: "\(meaning) (value)\(SamespaceFamilies.cached)",
          samples: [Sample(labels: labels, value: value)]
        )
      )
    case .counter:
      guard let bucket else { return }
      result.observations.append(
        Observation(
          family: CounterFamily(
            name: family.metric,
            help: "\(meaning), counted across days (value)\(SamespaceFamilies.cached)"
          ),
          labels: labels,
          bucket: bucket,
          value: value
        )
      )
    }
  }

  /// The most Unicode scalars of a text of the vendor's that become a label's value.
  private static let longestText = 200

  private static func bounded(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestText)))
  }
}

extension PollOutcome.Values {
  /// The values with totals that may be old: the form of the vendor's dates is not documented, so that
  /// a request may be answered for another day than it names.
  var ofRunningDay: PollOutcome.Values {
    var values = self
    for index in values.observations.indices { values.observations[index].mayBeOld = true }
    return values
  }
}

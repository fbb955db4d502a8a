import CollectorKit
import Exposition
import Ledger

/// Turns a chart's points into families: pure functions of the points, the chart and the day.
struct RocketChatFamilies: Sendable {
  let configuration: RocketChatConfiguration

  /// The families of one answer.
  ///
  /// - Parameters:
  ///   - days: The points of a successful answer.
  ///   - chart: The chart that was asked for.
  ///   - department: The department that was asked for.
  ///   - today: The UTC day on which it was asked.
  ///   - skipped: What was left out so far.
  /// - Returns: The current day's gauge, and for counts the observations of both days.
  func values(
    _ days: [RocketChatPayload.Day],
    chart: RocketChatChart,
    department: RocketChatConfiguration.Department,
    today: CivilDate,
    skipped: [String]
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values(skipped: skipped)
    let labels: LabelSet = ["department": department.name]
    let point = RocketChatFamilies.point(of: today, in: days)
    let current = RocketChatFamilies.number(point, chart, today, &result.skipped)
    let yesterday = today.adding(days: -1)
    let before = RocketChatFamilies.point(of: yesterday, in: days)
    let closing = RocketChatFamilies.number(before, chart, yesterday, &result.skipped)
    result.observations = [(yesterday, closing), (today, current)]
      .compactMap { RocketChatFamilies.observation(chart, labels, $0, $1) }
    if point != nil, chart == configuration.charts.first {
      result.families.append(RocketChatFamilies.periodStart(today, labels))
    }
    if let current {
      result.families.append(
        MetricFamily(
          name: chart.gauge,
          type: .gauge,
          help: RocketChatFamilies.help("\(chart.meaning) on the current UTC day", chart),
          samples: [Sample(labels: labels, value: current)]
        )
      )
    }
    return result
  }

  /// The observation of a past day, which is the first of two that were asked for.
  func closing(
    _ days: [RocketChatPayload.Day],
    chart: RocketChatChart,
    department: RocketChatConfiguration.Department,
    day: CivilDate,
    skipped: [String]
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values(skipped: skipped)
    let point = RocketChatFamilies.point(of: day, in: days)
    let value = RocketChatFamilies.number(point, chart, day, &result.skipped)
    let labels: LabelSet = ["department": department.name]
    if let observation = RocketChatFamilies.observation(chart, labels, day, value) {
      result.observations.append(observation)
    }
    return result
  }

  /// A day's total for the ledger, nil where the chart is no count or the vendor has no value.
  private static func observation(
    _ chart: RocketChatChart,
    _ labels: LabelSet,
    _ day: CivilDate,
    _ value: Double?
  ) -> Observation? {
    guard let family = counterFamily(chart), let value else { return nil }
    return Observation(family: family, labels: labels, bucket: bucket(of: day), value: value)
  }

  /// The thresholds of the configuration, for every department.
  var configuredFamilies: [MetricFamily] {
    let samples = configuration.departments.flatMap { department in
      configuration.serviceLevels.compactMap { level in
        level.threshold.map {
          Sample(labels: ["department": department.name, "sla": level.name], value: $0)
        }
      }
    }
    return [
      MetricFamily(
        name: "rocketchat_omnichannel_sla_threshold_seconds",
        type: .gauge,
        help: "Configured time within which an agent should respond or react.",
        samples: samples
      )
    ]
  }

  /// A day's point; where its label stands twice, the later one is the younger.
  private static func point(
    of date: CivilDate,
    in days: [RocketChatPayload.Day]
  ) -> JSONNumber? {
    let wanted = RocketChatPointLabel(date)
    return days.last { $0.label == wanted }?.value
  }

  /// A point's number; the 0 of a duration stands for no sample, as null does.
  ///
  /// Nil without a point is normal: a history asks for each day by itself.
  private static func number(
    _ point: JSONNumber?,
    _ chart: RocketChatChart,
    _ date: CivilDate,
    _ skipped: inout [String]
  ) -> Double? {
    switch point {
    case nil: return nil
    case .unreadable(let seen):
      skipped.append("\(chart.rawValue) of \(date) is \(seen), not a number")
    case .absent where chart.isCount:
      skipped.append("\(chart.rawValue) of \(date) has no value")
    case .absent: break
    case .number(let value) where value < 0:
      skipped.append("\(chart.rawValue) of \(date) is \(value), less than 0")
    case .number(let value): return chart.isCount || value != 0 ? value : nil
    }
    return nil
  }

  private static func counterFamily(_ chart: RocketChatChart) -> CounterFamily? {
    chart.counter.map {
      CounterFamily(name: $0, help: help("\(chart.meaning), counted across days", chart))
    }
  }

  private static func periodStart(_ today: CivilDate, _ labels: LabelSet) -> MetricFamily {
    MetricFamily(
      name: "rocketchat_omnichannel_period_start_timestamp_seconds",
      type: .gauge,
      help: "Start of the UTC day that the current day's gauges cover, computed from the date that "
        + "was asked for.",
      samples: [Sample(labels: labels, value: Double(bucket(of: today).start))]
    )
  }

  private static func bucket(of date: CivilDate) -> Bucket {
    let start = Zone.utc.startOfDay(date)
    return Bucket(start: start, end: start + 86_400)
  }

  private static func help(_ meaning: String, _ chart: RocketChatChart) -> String {
    "\(meaning) (\(chart.rawValue)); polled in the background and cached."
  }
}

import CollectorKit
import Exposition
import Ledger

/// Turns a summary into families: a pure function of the payload, the view and the period.
struct ExperiaFamilies: Sendable {
  let configuration: ExperiaConfiguration

  /// The families of one answer.
  ///
  /// - Parameters:
  ///   - payload: A successful answer.
  ///   - view: The view that was asked for.
  ///   - period: The period that was asked for.
  ///   - asked: When it was asked, in Unix seconds.
  ///   - answered: When the answer was there: both say which day `daily` is.
  /// - Returns: The gauges, and for the daily period the observations.
  func values(
    _ payload: ExperiaPayload,
    view: ExperiaConfiguration.View,
    period: ExperiaConfiguration.Period,
    asked: Double,
    answered: Double
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    let labels: LabelSet = ["view": view.name, "period": period.rawValue]
    let bucket =
      period == .daily
      ? DayInProgress.bucket(
        in: configuration.timezoneOffset,
        asked: asked,
        answered: answered
      ) : nil
    for field in ExperiaField.all {
      guard let value = field.value(in: payload, &result.skipped) else { continue }
      result.families.append(
        MetricFamily(
          name: field.gauge,
          type: .gauge,
          help: field.gaugeHelp,
          samples: [Sample(labels: labels, value: value)]
        )
      )
    }
    if let bucket {
      // What could not be read was noted with the gauges.
      var noted: [String] = []
      result.observations = observations(payload, view: view, bucket: bucket, &noted)
    }
    result.families += complianceFamilies(payload, labels: labels, &result.skipped)
    if let start = periodStart(period, at: answered) {
      result.families.append(
        MetricFamily(
          name: "experia_period_start_timestamp_seconds",
          type: .gauge,
          help: "Start of the period that the period's gauges cover, computed from "
            + "timezone_offset.",
          samples: [Sample(labels: labels, value: Double(start))]
        )
      )
    }
    return result
  }

  /// A day's totals for the ledger.
  ///
  /// - Parameters:
  ///   - payload: A successful answer about that day.
  ///   - view: The view that was asked for.
  ///   - bucket: The day.
  ///   - skipped: Takes what could not be read.
  /// - Returns: An observation for every field that has a counter and a value.
  func observations(
    _ payload: ExperiaPayload,
    view: ExperiaConfiguration.View,
    bucket: Bucket,
    _ skipped: inout [String]
  ) -> [Observation] {
    ExperiaField.all.compactMap { field in
      guard let counter = field.counter, let value = field.value(in: payload, &skipped) else {
        return nil
      }
      return Observation(
        family: CounterFamily(name: counter, help: field.counterHelp),
        labels: ["view": view.name],
        bucket: bucket,
        value: value
      )
    }
  }

  /// The thresholds and objectives of the configuration, for every view.
  var configuredFamilies: [MetricFamily] {
    func family(
      _ name: String,
      _ help: String,
      _ value: (ServiceLevel) -> Double?
    ) -> MetricFamily {
      let samples = configuration.views.flatMap { view in
        configuration.serviceLevels.compactMap { level in
          value(level).map {
            Sample(labels: ["view": view.name, "sla": level.name], value: $0)
          }
        }
      }
      return MetricFamily(name: name, type: .gauge, help: help, samples: samples)
    }
    return [
      family(
        "experia_sla_threshold_seconds",
        "Configured time within which a session should be answered, sent as sla."
      ) {
        $0.threshold
      },
      family(
        "experia_sla_objective_ratio",
        "Configured share of sessions that should keep the threshold, 0 to 1."
      ) { $0.objective },
    ]
  }

  /// Compliance counts only where a threshold was sent: without one the vendor's figure is
  /// meaningless.
  private func complianceFamilies(
    _ payload: ExperiaPayload,
    labels: LabelSet,
    _ skipped: inout [String]
  ) -> [MetricFamily] {
    var samples: [Sample] = []
    for level in configuration.serviceLevels {
      guard let percent = payload.compliancePercent(level.name, &skipped) else { continue }
      samples.append(
        Sample(labels: labels.adding("sla", level.name), value: Percent.ratio(percent))
      )
    }
    return [
      MetricFamily(
        name: "experia_sla_compliance_ratio",
        type: .gauge,
        help: "Share of sessions in the period within the SLA threshold, 0 to 1 (sla)"
          + ExperiaField.cached,
        samples: samples
      )
    ]
  }

  /// The period's first instant.
  private func periodStart(_ period: ExperiaConfiguration.Period, at now: Double) -> Int64? {
    let zone = configuration.timezoneOffset
    let today = zone.date(at: now)
    let (year, month, _) = today.components
    let first: CivilDate? =
      switch period {
      case .daily: today
      case .weekly: today.adding(days: -((today.weekday - configuration.weekStart + 7) % 7))
      case .monthly: CivilDate(year: year, month: month, day: 1)
      case .yearly: CivilDate(year: year, month: 1, day: 1)
      }
    return first.map(zone.startOfDay)
  }
}

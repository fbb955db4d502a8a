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
  ///   - day: The day that was asked for, or on which the other periods were.
  /// - Returns: The gauges, and for the daily period the observations.
  func values(
    _ payload: ExperiaPayload,
    view: ExperiaConfiguration.View,
    period: ExperiaPeriod,
    on day: CivilDate
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    let zone = configuration.timezoneOffset
    let labels: LabelSet = ["view": view.name, "period": period.name]
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
    if period == .daily {
      // What could not be read was noted with the gauges.
      var noted: [String] = []
      let bucket = DayInProgress.bucket(of: day, in: zone)
      result.observations = observations(payload, view: view, bucket: bucket, &noted)
    }
    result.families += complianceFamilies(payload, labels: labels, &result)
    let missing = payload.missingFields
    if !missing.isEmpty {
      result.notes.append(
        "the answer has no \(missing.joined(separator: ", ")): their series are absent"
      )
    }
    result.notes = result.notes.map { "view \(view.name), period \(period.name): \($0)" }
    if let first = period.firstDay(on: day, weekStart: configuration.weekStart) {
      result.families.append(
        MetricFamily(
          name: "experia_period_start_timestamp_seconds",
          type: .gauge,
          help: "Start of the period that the period's gauges cover, computed from "
            + "timezone_offset.",
          samples: [Sample(labels: labels, value: Double(zone.startOfDay(first)))]
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

  /// Compliance counts only if a threshold was sent: without one the vendor's figure is meaningless.
  ///
  /// A level without a figure is left out and noted: as skipped if there were sessions to judge. The
  /// vendor's own sample sends 0 for no threshold, so a figure that is missing for 0 is not skipped.
  private func complianceFamilies(
    _ payload: ExperiaPayload,
    labels: LabelSet,
    _ result: inout PollOutcome.Values
  ) -> [MetricFamily] {
    var samples: [Sample] = []
    for level in configuration.serviceLevels {
      var missing: [String] = []
      let percent = payload.compliancePercent(level.name, missing: &missing, &result.skipped)
      if level.threshold == 0 {
        result.notes += missing
      } else if !payload.isIdle {
        result.skipped += missing
      }
      guard let percent else { continue }
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
}

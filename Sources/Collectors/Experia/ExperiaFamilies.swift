import CollectorKit
import Exposition
import Ledger

/// Turns a summary into families: a pure function of the payload, the view and the period.
struct ExperiaFamilies: Sendable {
  let configuration: ExperiaConfiguration

  /// Which field becomes which family.
  private enum Source {
    case number
    case percent
    case duration
    case timeOfDay
  }

  private static let inPeriod = " in the period"

  private struct Field {
    let vendorField: String
    let gauge: String
    let counter: String?
    let source: Source
    let meaning: String

    var counterMeaning: String {
      meaning.hasSuffix(ExperiaFamilies.inPeriod)
        ? String(meaning.dropLast(ExperiaFamilies.inPeriod.count)) : meaning
    }

    init(
      _ field: String,
      _ gauge: String,
      counter: String? = nil,
      _ source: Source,
      _ meaning: String
    ) {
      vendorField = field
      self.gauge = gauge
      self.counter = counter
      self.source = source
      self.meaning = meaning
    }
  }

  /// The catalogue's rows, in its order.
  private static let fields = [
    Field(
      "totalSessions",
      "experia_period_sessions",
      counter: "experia_sessions_total",
      .number,
      "Sessions in the period"
    ),
    Field(
      "totalClosedSessions",
      "experia_period_closed_sessions",
      counter: "experia_closed_sessions_total",
      .number,
      "Closed sessions in the period"
    ),
    Field(
      "totalTransferred",
      "experia_period_transferred_sessions",
      counter: "experia_transferred_sessions_total",
      .number,
      "Transferred sessions in the period"
    ),
    Field(
      "totalMsg",
      "experia_period_messages",
      counter: "experia_messages_total",
      .number,
      "Messages in the period"
    ),
    Field(
      "totalTags",
      "experia_period_tags",
      counter: "experia_tags_total",
      .number,
      "Tags in the period"
    ),
    Field(
      "totalTemplateUsage",
      "experia_period_template_uses",
      counter: "experia_template_uses_total",
      .number,
      "Template uses in the period"
    ),
    Field(
      "totalPredefinedMessages",
      "experia_period_predefined_messages",
      counter: "experia_predefined_messages_total",
      .number,
      "Predefined messages sent in the period"
    ),
    Field(
      "agentTotalTimeOnline",
      "experia_period_agent_online_seconds",
      counter: "experia_agent_online_seconds_total",
      .duration,
      "Time that agents were online in the period"
    ),
    Field("totalClient", "experia_period_clients", .number, "Distinct clients in the period"),
    Field(
      "averageWaitingTime",
      "experia_waiting_time_average_seconds",
      .duration,
      "Average waiting time in the period"
    ),
    Field(
      "averageResponseTime",
      "experia_response_time_average_seconds",
      .duration,
      "Average response time in the period"
    ),
    Field(
      "averageServiceTime",
      "experia_service_time_average_seconds",
      .duration,
      "Average service time in the period"
    ),
    Field(
      "minServiceTime",
      "experia_service_time_min_seconds",
      .duration,
      "Shortest service time in the period"
    ),
    Field(
      "maxServiceTime",
      "experia_service_time_max_seconds",
      .duration,
      "Longest service time in the period"
    ),
    Field("CSAT", "experia_csat_ratio", .percent, "Customer satisfaction in the period, 0 to 1"),
    Field("FCR", "experia_fcr_ratio", .percent, "First contact resolution in the period, 0 to 1"),
    Field("NPS", "experia_nps_score", .number, "Net promoter score in the period, -100 to 100"),
    Field(
      "totalTagsPercent",
      "experia_tags_ratio",
      .percent,
      "Tags by closed sessions in the period, 0 to 1"
    ),
    Field(
      "peakTime",
      "experia_peak_time_of_day_seconds",
      .timeOfDay,
      "Busiest time of day in the period, in seconds since local midnight"
    ),
    Field(
      "weakTime",
      "experia_weak_time_of_day_seconds",
      .timeOfDay,
      "Quietest time of day in the period, in seconds since local midnight"
    ),
  ]

  /// An answer to a relative filter this soon after midnight may still mean yesterday: a vendor's
  /// clock may be so many seconds off.
  static let clockTolerance = 120.0

  /// The families of one answer.
  ///
  /// - Parameters:
  ///   - payload: A successful answer.
  ///   - view: The view that was asked for.
  ///   - period: The period that was asked for.
  ///   - now: When it was asked, in Unix seconds: says which day `daily` is.
  /// - Returns: The gauges, and for the daily period the observations.
  func values(
    _ payload: ExperiaPayload,
    view: ExperiaConfiguration.View,
    period: ExperiaConfiguration.Period,
    now: Double
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    let labels: LabelSet = ["view": view.name, "period": period.rawValue]
    let bucket = period == .daily ? dayBucket(at: now) : nil
    for field in ExperiaFamilies.fields {
      guard let value = value(of: field, in: payload, &result.skipped) else { continue }
      result.families.append(
        MetricFamily(
          name: field.gauge,
          type: .gauge,
          help: ExperiaFamilies.help(
            field.meaning,
            field: field.vendorField
          ),
          samples: [Sample(labels: labels, value: value)]
        )
      )
      guard let counter = field.counter, let bucket else { continue }
      result.observations.append(
        Observation(
          family: CounterFamily(
            name: counter,
            help: ExperiaFamilies.help(
              "\(field.counterMeaning), counted across days",
              field: field.vendorField
            )
          ),
          labels: ["view": view.name],
          bucket: bucket,
          value: value
        )
      )
    }
    result.families += complianceFamilies(payload, labels: labels, &result.skipped)
    if let start = periodStart(period, at: now) {
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

  /// Which day `daily` means, or nil while that is in doubt.
  private func dayBucket(at now: Double) -> Bucket? {
    let zone = configuration.timezoneOffset
    guard zone.secondsIntoDay(at: now) >= ExperiaFamilies.clockTolerance else { return nil }
    let start = zone.startOfDay(zone.date(at: now))
    return Bucket(start: start, end: start + 86_400)
  }

  private func value(
    of field: Field,
    in payload: ExperiaPayload,
    _ skipped: inout [String]
  ) -> Double? {
    switch field.source {
    case .number: payload.number(field.vendorField, &skipped)
    case .percent: payload.number(field.vendorField, &skipped).map(Percent.ratio)
    case .duration: payload.duration(field.vendorField, &skipped)
    case .timeOfDay: payload.timeOfDay(field.vendorField, &skipped)
    }
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
        help: ExperiaFamilies.help(
          "Share of sessions in the period within the SLA threshold, 0 to 1",
          field: "sla"
        ),
        samples: samples
      )
    ]
  }

  /// The period's first instant; the vendor does not say on which day its week starts.
  private func periodStart(_ period: ExperiaConfiguration.Period, at now: Double) -> Int64? {
    let zone = configuration.timezoneOffset
    let today = zone.date(at: now)
    let (year, month, _) = today.components
    let first: CivilDate? =
      switch period {
      case .daily: today
      case .weekly: nil
      case .monthly: CivilDate(year: year, month: month, day: 1)
      case .yearly: CivilDate(year: year, month: 1, day: 1)
      }
    return first.map(zone.startOfDay)
  }

  private static func help(_ meaning: String, field: String) -> String {
    "\(meaning) (\(field)); polled in the background and cached."
  }
}

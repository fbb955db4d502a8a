import CollectorKit
import Exposition
import Ledger

/// Turns a trend into families: pure functions of the payload, the channel and the time.
struct KoreFamilies: Sendable {
  let zone: Zone

  /// The families of an hourly trend.
  ///
  /// - Parameters:
  ///   - payload: A successful answer.
  ///   - channel: The channel that was asked for.
  ///   - now: When it was asked, in Unix seconds.
  /// - Returns: The gauges of the latest complete and of the running hour, and an observation for
  ///   each hour that has begun.
  func hourly(
    _ payload: KorePayload,
    channel: KoreConfiguration.Channel,
    now: Double
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    let labels: LabelSet = ["channel": channel.name]
    let users = payload.hours(&result.skipped)
    let running = KoreHour(date: zone.date(at: now), hour: zone.hour(at: now))
    let complete = running.latestBefore(in: zone)
    for kind in KoreUsers.allCases {
      let values = kind == .unique ? users : payload.hours(of: kind, &result.skipped)
      if let complete, let value = values[complete] {
        result.families.append(
          KoreFamilies.gauge(
            "kore_engagement_last_hour_\(kind.prefix)users",
            "\(kind.subject) who were active in the latest complete hour",
            .hourly,
            labels,
            value
          )
        )
        if kind == .unique, let start = complete.start(in: zone) {
          result.families.append(
            KoreFamilies.gauge(
              "kore_engagement_last_hour_start_timestamp_seconds",
              "Start of the latest complete hour",
              .hourly,
              labels,
              Double(start)
            )
          )
        }
      }
      if let value = values[running] {
        result.families.append(
          KoreFamilies.gauge(
            "kore_engagement_current_hour_\(kind.prefix)users",
            "\(kind.subject) who were active in the running hour so far",
            .hourly,
            labels,
            value
          )
        )
      }
    }
    result.observations = observations(users, channel, &result.skipped) { Double($0) <= now }
    // The vendor's clock may be two minutes ahead.
    let ahead = users.filter { hour, value in
      value > 0 && hour.start(in: zone).map { Double($0) > now + VendorClock.tolerance } ?? false
    }
    if let hour = ahead.keys.min() {
      result.notes.append(
        "\(channel.name): users of \(hour), an hour that has not begun in \(zone.name): check timezone"
      )
    }
    return result
  }

  /// The observations of a past day's hours.
  func closing(
    _ payload: KorePayload,
    channel: KoreConfiguration.Channel,
    day: CivilDate
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    let users = payload.hours(&result.skipped).filter { $0.key.date == day }
    result.observations = observations(users, channel, &result.skipped) { _ in true }
    return result
  }

  /// The hours' totals for the ledger, of the hours whose start is let through.
  ///
  /// An hour that the clock leaves out has no users; if it has some, the dates are of another zone.
  private func observations(
    _ users: [KoreHour: Double],
    _ channel: KoreConfiguration.Channel,
    _ skipped: inout [String],
    where hasBegun: (Int64) -> Bool
  ) -> [Observation] {
    let family = CounterFamily(
      name: "kore_engagement_hourly_users_total",
      help: KoreFamilies.help(
        "Sum of the hours' users: a user who is active in two hours counts twice",
        .hourly
      )
    )
    return users.sorted { $0.key < $1.key }.compactMap { hour, value in
      guard let start = hour.start(in: zone) else {
        if value > 0 { skipped.append("users of \(hour), an hour that \(zone.name) leaves out") }
        return nil
      }
      guard hasBegun(start) else { return nil }
      return Observation(
        family: family,
        labels: ["channel": channel.name],
        bucket: Bucket(start: start, end: start + 3600),
        value: value
      )
    }
  }

  /// The families of a daily trend: the users of today so far and of yesterday, and the observations
  /// of those who are new.
  func daily(
    _ payload: KorePayload,
    channel: KoreConfiguration.Channel,
    now: Double
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    let labels: LabelSet = ["channel": channel.name]
    let today = zone.date(at: now)
    let yesterday = today.adding(days: -1)
    for kind in KoreUsers.allCases {
      let users = payload.days(of: kind, &result.skipped)
      if let value = users[today] {
        result.families.append(
          KoreFamilies.gauge(
            "kore_engagement_current_day_\(kind.prefix)users",
            "\(kind.subject) who were active on the current day so far",
            .daily,
            labels,
            value
          )
        )
      }
      if let value = users[yesterday] {
        result.families.append(
          KoreFamilies.gauge(
            "kore_engagement_previous_day_\(kind.prefix)users",
            "\(kind.subject) who were active on the day before the current one",
            .daily,
            labels,
            value
          )
        )
      }
      if kind == .new {
        result.observations = newUsers(users, channel, [yesterday, today])
      }
    }
    return result
  }

  /// The observations of a past day's new users.
  func closingDay(
    _ payload: KorePayload,
    channel: KoreConfiguration.Channel,
    day: CivilDate
  ) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    let users = payload.days(of: .new, &result.skipped)
    result.observations = newUsers(users, channel, [day])
    return result
  }

  /// The days' totals for the ledger: somebody is new on one day only, so that they add up.
  private func newUsers(
    _ users: [CivilDate: Double],
    _ channel: KoreConfiguration.Channel,
    _ days: [CivilDate]
  ) -> [Observation] {
    let family = CounterFamily(
      name: "kore_engagement_new_users_total",
      help: KoreFamilies.help("New users, counted across days", .daily)
    )
    return days.compactMap { day in
      users[day].map { value in
        Observation(
          family: family,
          labels: ["channel": channel.name],
          bucket: DayInProgress.bucket(of: day, in: zone),
          value: value
        )
      }
    }
  }

  private static func gauge(
    _ name: String,
    _ meaning: String,
    _ aggregation: KoreRequests.Aggregation,
    _ labels: LabelSet,
    _ value: Double
  ) -> MetricFamily {
    MetricFamily(
      name: name,
      type: .gauge,
      help: help(meaning, aggregation),
      samples: [Sample(labels: labels, value: value)]
    )
  }

  private static func help(_ meaning: String, _ aggregation: KoreRequests.Aggregation) -> String {
    "\(meaning) (userEngagementTrend \(aggregation.rawValue)); polled in the background and cached."
  }
}

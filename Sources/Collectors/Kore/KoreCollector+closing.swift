import CollectorKit

extension KoreCollector: DayClosing {
  var dayZone: Zone { configuration.timezone }

  /// Every poll covers the hours of yesterday and today.
  var dayOverlap: Int { 1 }

  func closingTotals(
    of day: CivilDate,
    except parts: Set<String>,
    in context: CollectionContext
  ) async throws -> PollOutcome {
    var outcome = PollOutcome()
    for channel in configuration.channels {
      try await outcome.part(channel.name, except: parts) {
        let payload = try await ask(.hourly, channel, day...day, context)
        return families.closing(payload, channel: channel, day: day)
      }
    }
    // New users are counted by days, which only the second version of the API knows.
    for channel in configuration.channels where configuration.apiVersion == 2 {
      let part = "\(channel.name)/\(KoreRequests.Aggregation.daily.rawValue)"
      try await outcome.part(part, except: parts) {
        let payload = try await ask(.daily, channel, day...day, context)
        return families.closingDay(payload, channel: channel, day: day)
      }
    }
    try await widgets.close(day, except: parts, into: &outcome, context)
    return outcome
  }
}

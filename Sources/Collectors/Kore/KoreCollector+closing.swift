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
    for channel in configuration.channels where !parts.contains(channel.name) {
      try await outcome.part(channel.name) {
        let payload = try await trend(.hourly, channel, day...day, context)
        return families.closing(payload, channel: channel, day: day)
      }
    }
    return outcome
  }
}

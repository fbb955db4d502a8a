/// The seven charts of Rocket.Chat's Omnichannel analytics.
struct RocketChatCharts: Sendable {
  static let names = [
    "Total_conversations", "Avg_chat_duration", "Total_messages", "Avg_first_response_time",
    "Avg_reaction_time", "Best_first_response_time", "Avg_response_time",
  ]
  /// Rooms by the time at which they were created.
  static let rooms = Series("Total_conversations", perDay: 640)
  /// A room's chat takes longer to close than a bucket may be old.
  private static let closingLag = 480.0
  /// Some messages come hours after their room was created, also past midnight.
  private static let lateLag = 3 * 3600.0

  private static let duration = ServiceQuality(median: 310, slope: 0.6)
  private static let firstResponse = ServiceQuality(median: 19, slope: 2.2)
  private static let response = ServiceQuality(median: 33, slope: 1.8)
  private static let reaction = ServiceQuality(median: 11, slope: 2)

  let model: DayModel
  let departments: [String: Double]

  /// The chart's figure for the rooms created in [from, to), as it stands at `now`; nil for an
  /// unknown chart.
  func value(
    _ chart: String,
    from: Double,
    to: Double,
    department: String?,
    at now: Double
  ) -> Double? {
    // A department that does not exist matches no room, and is no error.
    let share = department.map { departments[$0] ?? 0 } ?? 1
    /// Rooms of the bucket that are at least `age` seconds old.
    func rooms(age: Double) -> Int {
      guard share > 0 else { return 0 }
      return model.count(
        RocketChatCharts.rooms,
        from: from,
        to: min(to, now - age),
        share: share
      )
    }
    func mean(_ quality: ServiceQuality, age: Double) -> Double {
      guard rooms(age: age) > 0 else { return 0 }
      let seconds = model.mean(
        of: { quality.mean(at: $0) },
        over: RocketChatCharts.rooms,
        from: from,
        to: min(to, now - age)
      )
      return hundredth(seconds ?? 0)
    }
    switch chart {
    case "Total_conversations": return Double(rooms(age: 0))
    case "Total_messages":
      // Whole messages a room, so that a day is the sum of its hours.
      let corrected = model.corrected("Total_messages", from: from, to: min(to, now))
      return Double(
        max(0, 5 * rooms(age: 0) + 2 * rooms(age: RocketChatCharts.lateLag) + corrected)
      )
    case "Avg_chat_duration":
      return mean(RocketChatCharts.duration, age: RocketChatCharts.closingLag)
    case "Avg_first_response_time": return mean(RocketChatCharts.firstResponse, age: 0)
    case "Avg_response_time": return mean(RocketChatCharts.response, age: 0)
    case "Avg_reaction_time": return mean(RocketChatCharts.reaction, age: 0)
    case "Best_first_response_time":
      // The law's typical smallest of so many cases.
      let best =
        mean(RocketChatCharts.firstResponse, age: 0) / .pi * 2
        / Double(rooms(age: 0) + 1).squareRoot()
      return hundredth(best)
    default: return nil
    }
  }

  private func hundredth(_ value: Double) -> Double {
    (value * 100).rounded() / 100
  }
}

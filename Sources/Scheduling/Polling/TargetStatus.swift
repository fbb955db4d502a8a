public import CollectorKit

/// A target's state at one moment.
public struct TargetStatus: Sendable {
  /// The target's name and settings.
  public let settings: TargetSettings
  /// The numbers.
  public let values: TargetStatistics.Values
  /// Whether the last poll succeeded in full and its samples are not stale.
  public let isUp: Bool

  /// The state that follows from the numbers at an `uptime`.
  public init(settings: TargetSettings, values: TargetStatistics.Values, uptime: Double) {
    self.settings = settings
    self.values = values
    let age = values.lastSuccessUptime.map { uptime - $0 } ?? .infinity
    isUp = values.lastPollSucceeded && age <= settings.staleAfter
  }
}

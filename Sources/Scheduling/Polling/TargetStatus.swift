public import CollectorKit

/// A target's state at one moment.
public struct TargetStatus: Sendable {
  /// The target's name and settings.
  public let settings: TargetSettings
  /// The numbers.
  public let values: TargetStatistics.Values
  /// Whether the last poll succeeded in full and its samples are not stale.
  public let isUp: Bool

  /// The state that follows from the numbers and from what is stale.
  init(settings: TargetSettings, values: TargetStatistics.Values, isStale: Bool) {
    self.settings = settings
    self.values = values
    isUp = values.lastPollSucceeded && !isStale
  }
}

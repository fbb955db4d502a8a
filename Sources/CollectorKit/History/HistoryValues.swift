public import Exposition
public import Ledger

/// What one request says about the past.
public struct HistoryValues: Sendable {
  /// Gauges as they stood at one time, without the target's own labels.
  public struct Gauges: Sendable {
    /// Unix seconds.
    public let time: Int64
    /// The families with their samples.
    public let families: [MetricFamily]

    /// Families that stood so at that time.
    public init(at time: Int64, _ families: [MetricFamily]) {
      self.time = time
      self.families = families
    }
  }

  /// The gauges, time by time.
  public var gauges: [Gauges]
  /// The totals of days or hours that are over, for the counters.
  public var observations: [Observation]
  /// What could not be read and was left out.
  public var skipped: [String]

  /// Values, empty until they are added.
  public init(
    gauges: [Gauges] = [],
    observations: [Observation] = [],
    skipped: [String] = []
  ) {
    self.gauges = gauges
    self.observations = observations
    self.skipped = skipped
  }
}

extension Zone {
  /// The last second of a local day: when its figures are complete, and still its own.
  public func lastSecond(of day: CivilDate) -> Int64 {
    startOfDay(day.adding(days: 1)) - 1
  }
}

extension ClosedRange<CivilDate> {
  /// How many days it has.
  public var dayCount: Int { upperBound.dayNumber - lowerBound.dayNumber + 1 }

  /// The range in pieces of at most so many days, by their place from 0.
  ///
  /// The pieces start at the range's first day, so that a range that ends later has the same ones
  /// and more.
  public func piece(_ place: Int, ofDays length: Int) -> ClosedRange<CivilDate> {
    let first = lowerBound.adding(days: place * length)
    return first...Swift.min(first.adding(days: length - 1), upperBound)
  }

  /// How many such pieces there are.
  public func pieceCount(ofDays length: Int) -> Int {
    (dayCount + length - 1) / length
  }
}

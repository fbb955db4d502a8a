/// How far a vendor's clock may be from the agent's, and what follows for the vendor's days.
public enum VendorClock {
  /// A vendor's clock may be so many seconds off, either way.
  public static let tolerance = 120.0

  /// The tolerance, and time for the vendor to count what came last.
  public static let settled = 150.0

  /// Tells whether a day is over for every vendor, however its clock is off.
  ///
  /// - Parameters:
  ///   - day: The day.
  ///   - zone: Where the day begins and ends.
  ///   - unixTime: The present time by the agent's clock.
  ///   - delay: Seconds after the day's end.
  /// - Returns: Whether its totals can be asked for.
  public static func hasPassed(
    _ day: CivilDate,
    in zone: Zone,
    at unixTime: Double,
    after delay: Double = settled
  ) -> Bool {
    zone.date(at: unixTime - delay) > day
  }
}

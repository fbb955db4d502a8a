import CollectorKit
import Ledger

/// Finds the day that a vendor's day-to-date total means where the request did not name the day.
enum DayInProgress {
  /// The bucket of the day that the vendor meant.
  ///
  /// A request may wait for its budget or for the vendor, so that midnight can pass between the
  /// moment it is asked for and the answer.
  ///
  /// - Parameters:
  ///   - zone: Where the day begins and ends.
  ///   - asked: Unix seconds before the request.
  ///   - answered: Unix seconds behind the answer.
  /// - Returns: The bucket, or nil while the day is in doubt.
  static func bucket(in zone: Zone, asked: Double, answered: Double) -> Bucket? {
    let day = zone.date(at: min(asked, answered) - VendorClock.tolerance)
    guard day == zone.date(at: max(asked, answered) + VendorClock.tolerance) else { return nil }
    return bucket(of: day, in: zone)
  }

  /// A day's bucket: 23 or 25 hours where the clock changes.
  static func bucket(of day: CivilDate, in zone: Zone) -> Bucket {
    Bucket(start: zone.startOfDay(day), end: zone.startOfDay(day.adding(days: 1)))
  }
}

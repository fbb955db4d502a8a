/// A moment on both of the machine's clocks.
struct BudgetMoment: Equatable, Sendable {
  /// The run of the machine to which `uptime` belongs; nil where it is not known.
  let boot: String?
  let uptime: Double
  let unixTime: Double

  /// Seconds since an earlier moment.
  ///
  /// Within a run of the machine the clock counts that never steps. Else the real-time clock does, and
  /// where that went back nothing is known to have passed: waiting too long costs a few polls, sending
  /// too much costs the account.
  func seconds(since earlier: BudgetMoment) -> Double {
    if let boot, boot == earlier.boot, uptime >= earlier.uptime { return uptime - earlier.uptime }
    return max(0, unixTime - earlier.unixTime)
  }
}

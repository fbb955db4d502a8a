/// How long something takes, and how that grows when the pressure on the agents does.
///
/// Times follow a log-logistic law with exponent 2, whose distribution, mean and quantiles are
/// closed formulas of the median.
struct ServiceQuality: Sendable {
  /// The median in seconds at ordinary pressure.
  let median: Double
  /// How much longer it takes at full pressure: 3 means four times as long.
  let slope: Double

  /// The median at a pressure: flat up to 0.6, then steep, as queues are.
  func median(at pressure: Double) -> Double {
    let strain =
      pressure <= 0.6 ? 0.8 + pressure / 3 : 1 + slope * (pressure - 0.6) / 0.4
    return median * strain
  }

  /// The mean at a pressure: the median times pi over 2.
  func mean(at pressure: Double) -> Double {
    median(at: pressure) * .pi / 2
  }

  /// The share of cases done within `threshold` seconds, 0 to 1.
  func compliance(threshold: Double, at pressure: Double) -> Double {
    guard threshold > 0 else { return 0 }
    // The quotient, for a threshold's square may be too large for a number.
    let ratio = median(at: pressure) / threshold
    return 1 / (1 + ratio * ratio)
  }

  /// The time below which a share of the cases lies; the share is kept off 0 and 1.
  func quantile(_ share: Double, at pressure: Double) -> Double {
    let bounded = min(max(share, 0.002), 0.995)
    return median(at: pressure) * (bounded / (1 - bounded)).squareRoot()
  }
}

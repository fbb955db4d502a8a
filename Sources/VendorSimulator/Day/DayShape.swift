/// How one series rises through one day.
///
/// The cumulative curve is linear within a minute; the noise of minutes cancels over an hour, so
/// that a day's total needs 24 numbers and not 1440.
struct DayShape {
  /// Arrivals an hour, relative: a quiet night, a climb from seven, the peak at noon.
  static let hourWeights: [Double] = [
    8, 5, 3, 2, 2, 4, 10, 22, 42, 62, 78, 90, 100, 96, 80, 68, 62, 58, 52, 46, 38, 30, 20, 13,
  ]
  private static let weightSum = hourWeights.reduce(0, +)

  private let noise: Noise
  private let stream: UInt64
  private let day: Int
  private let lag: Double
  /// Events up to the start of each hour; 25 numbers.
  private let hours: [Double]

  /// The day's shape for a series; `volume` is the day's size, 1 for an ordinary working day.
  init(noise: Noise, series: Series, day: Int, volume: Double) {
    self.noise = noise
    self.day = day
    stream = series.stream
    lag = series.lag
    let scale = series.perDay * volume / DayShape.weightSum
    var sums = [0.0]
    sums.reserveCapacity(25)
    var sum = 0.0
    for (hour, weight) in DayShape.hourWeights.enumerated() {
      sum += weight * scale * (0.9 + 0.2 * noise.unit(series.stream, day, hour))
      sums.append(sum)
    }
    hours = sums
  }

  /// Events from midnight to `second`, before rounding; never falls as `second` rises.
  func cumulative(_ second: Double) -> Double {
    let time = min(max(second - lag, 0), 86_400)
    let hour = min(Int(time / 3600), 23)
    let inHour = time - Double(hour) * 3600
    let minute = min(Int(inHour / 60), 59)
    let low = minuteMark(hour, minute)
    let high = minuteMark(hour, minute + 1)
    let share = low + (high - low) * (inHour - Double(minute) * 60) / 60
    return hours[hour] + (hours[hour + 1] - hours[hour]) * share
  }

  /// The instants, in seconds since midnight, at which the count scaled by `share` reaches
  /// `numbers`, which rise.
  func instants(of numbers: ClosedRange<Int>, share: Double) -> [Double] {
    var instants: [Double] = []
    var number = numbers.lowerBound
    var low = 0.0
    for minute in 1...1440 where number <= numbers.upperBound {
      let end = Double(minute) * 60
      let high = cumulative(end) * share
      while number <= numbers.upperBound, Double(number) <= high {
        let part = high > low ? (Double(number) - low) / (high - low) : 1
        instants.append(end - 60 + 60 * max(part, 0))
        number += 1
      }
      low = high
    }
    return instants
  }

  /// The share of an hour's events that came by its `minute`-th minute.
  ///
  /// Marks move by less than half a minute, so they keep their order.
  private func minuteMark(_ hour: Int, _ minute: Int) -> Double {
    if minute == 0 { return 0 }
    if minute == 60 { return 1 }
    let jitter = 0.8 * (noise.unit(stream ^ 0xA5A5, day, hour * 60 + minute) - 0.5)
    return (Double(minute) + jitter) / 60
  }
}

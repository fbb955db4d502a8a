/// A vendor's traffic: a pure function of the seed, the vendor and the time.
///
/// Nights are quiet, noon is the peak, weekends are lower and no two days are alike. What is counted
/// between two instants is the sum of its parts, so a week is the sum of its days to the last event.
struct DayModel: Sendable {
  /// How hard the agents are pressed through the day, 0 to 1: the morning's rush meets the early
  /// shift alone, the second shift joins at noon.
  static let hourPressure: [Double] = [
    0.25, 0.2, 0.2, 0.2, 0.2, 0.2, 0.25, 0.35, 0.5, 0.75, 0.95, 1, 0.9, 0.7, 0.6, 0.55, 0.55,
    0.5, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25,
  ]

  /// Nothing happened before 2020: it bounds the work that a range of a thousand years makes.
  static let firstDay = CivilDate(year: 2020, month: 1, day: 1).days

  let noise: Noise
  /// Seconds east of UTC where the agents work: their midnight starts a day.
  let offset: Int
  /// The days off, 0 for Sunday.
  private let weekend: Set<Int>
  private let vendor: SimulatedVendor
  private let corrections: Corrections

  init(
    seed: UInt64,
    vendor: SimulatedVendor,
    offset: Int,
    weekend: Set<Int>,
    corrections: Corrections
  ) {
    noise = Noise(seed: seed ^ Noise.stream(vendor.rawValue))
    self.vendor = vendor
    self.offset = offset
    self.weekend = weekend
    self.corrections = corrections
  }

  /// The day's shape for a series; days count from 1970-01-01.
  func shape(_ series: Series, day: Int) -> DayShape {
    let rest = weekend.contains(CivilDate(days: day).weekday) ? 0.55 : 1
    let volume = rest * (0.92 + 0.16 * noise.unit(1, day))
    return DayShape(noise: noise, series: series, day: day, volume: volume)
  }

  /// Events in [from, to), each a Unix time; `share` is the part of the traffic that is asked for.
  func count(_ series: Series, from: Double, to: Double, share: Double = 1) -> Int {
    let counted = slices(from: from, to: to).reduce(0) { sum, slice in
      let shape = shape(series, day: slice.day)
      return sum + Int(shape.cumulative(slice.end) * share)
        - Int(shape.cumulative(slice.start) * share)
    }
    return max(0, counted + corrected(series.name, from: from, to: to))
  }

  /// What was added to a figure in [from, to) by corrections alone.
  func corrected(_ name: String, from: Double, to: Double) -> Int {
    corrections.sum("\(vendor.rawValue).\(name)", from: from, to: to)
  }

  /// The mean over [from, to) of a figure that depends on the pressure, weighted by `series`; nil
  /// where nothing arrives.
  func mean(
    of figure: (Double) -> Double,
    over series: Series,
    from: Double,
    to: Double
  ) -> Double? {
    var weight = 0.0
    var sum = 0.0
    for slice in slices(from: from, to: to) {
      let shape = shape(series, day: slice.day)
      for hour in Int(slice.start / 3600)..<24 where Double(hour) * 3600 < slice.end {
        let start = max(slice.start, Double(hour) * 3600)
        let end = min(slice.end, Double(hour + 1) * 3600)
        let part = shape.cumulative(end) - shape.cumulative(start)
        weight += part
        sum += part * figure(pressure(day: slice.day, hour: hour))
      }
    }
    return weight > 0 ? sum / weight : nil
  }

  /// Events in [from, to) by hour of the day, before rounding; the hours that time has not reached
  /// are nil.
  func byHour(_ series: Series, from: Double, to: Double) -> [Double?] {
    var hours = [Double?](repeating: nil, count: 24)
    for slice in slices(from: from, to: to) {
      let shape = shape(series, day: slice.day)
      for hour in Int(slice.start / 3600)..<24 where Double(hour) * 3600 < slice.end {
        let start = max(slice.start, Double(hour) * 3600)
        let end = min(slice.end, Double(hour + 1) * 3600)
        hours[hour] = (hours[hour] ?? 0) + shape.cumulative(end) - shape.cumulative(start)
      }
    }
    return hours
  }

  /// The pressure in an hour of a day, 0 to about 1.1.
  func pressure(day: Int, hour: Int) -> Double {
    let rest = weekend.contains(CivilDate(days: day).weekday) ? 0.75 : 1
    let ofDay = 0.98 + 0.04 * noise.unit(2, day)
    let ofHour = 0.96 + 0.08 * noise.unit(3, day, hour)
    return DayModel.hourPressure[hour] * rest * ofDay * ofHour
  }

  /// The days that [from, to) touches, each with seconds since its midnight.
  func slices(from: Double, to: Double) -> [(day: Int, start: Double, end: Double)] {
    guard to > from else { return [] }
    let first = max(CivilDate(instant: from, offset: offset).days, DayModel.firstDay)
    let last = CivilDate(instant: to, offset: offset).days
    guard first <= last else { return [] }
    return (first...last).compactMap { day in
      let midnight = CivilDate(days: day).start(offset: offset)
      let start = max(from - midnight, 0)
      let end = min(to - midnight, 86_400)
      return end > start ? (day, start, end) : nil
    }
  }
}

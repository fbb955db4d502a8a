import Testing

@testable import VendorSimulator

@Suite("The day model")
struct DayModelTests {
  private static let series = Series("calls", perDay: 1000)

  private func model(seed: UInt64 = 7, offset: Int = 10_800) -> DayModel {
    DayModel(
      seed: seed,
      vendor: .experia,
      offset: offset,
      weekend: [5, 6],
      corrections: Corrections()
    )
  }

  /// A generator with a fixed start, so that a failure can be repeated.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test("A day's count never falls from its start to its end", arguments: [20_467, 20_469, 20_500])
  func monotonous(day: Int) {
    let model = model()
    let midnight = CivilDate(days: day).start(offset: model.offset)
    var last = 0
    for second in stride(from: 0.0, through: 86_400, by: 20) {
      let count = model.count(DayModelTests.series, from: midnight, to: midnight + second)
      #expect(count >= last)
      last = count
    }
    #expect(last > 400)
  }

  @Test("Thousands of random intervals: parts add up, nothing is negative, the lag is behind")
  func additive() {
    let model = model()
    let late = Series("late", stream: "calls", perDay: 920, lag: 900)
    var dice = Dice(state: 1)
    for _ in 0..<3000 {
      let start = Double.random(in: 1.7e9...1.9e9, using: &dice)
      let middle = start + Double.random(in: 0...200_000, using: &dice)
      let end = middle + Double.random(in: 0...200_000, using: &dice)
      let whole = model.count(DayModelTests.series, from: start, to: end)
      let first = model.count(DayModelTests.series, from: start, to: middle)
      let second = model.count(DayModelTests.series, from: middle, to: end)
      #expect(whole == first + second)
      #expect(first >= 0 && second >= 0)
      let midnight = CivilDate(instant: start, offset: model.offset).start(offset: model.offset)
      #expect(
        model.count(late, from: midnight, to: start)
          <= model.count(DayModelTests.series, from: midnight, to: start)
      )
    }
  }

  @Test("The same seed gives the same day, another seed another")
  func deterministic() {
    let counts = [7, 7, 8].map { (seed: UInt64) in
      (20_400..<20_410).map { day in
        let start = CivilDate(days: day).start(offset: 0)
        return model(seed: seed, offset: 0).count(
          DayModelTests.series,
          from: start,
          to: start + 40_000
        )
      }
    }
    #expect(counts[0] == counts[1])
    #expect(counts[0] != counts[2])
    #expect(Set(counts[0]).count > 5, "days are not alike")
  }

  @Test("Nights are quiet, noon is the peak, the weekend is lower")
  func shape() {
    let model = model()
    func hour(_ day: Int, _ hour: Int) -> Int {
      let start = CivilDate(days: day).start(offset: model.offset) + Double(hour) * 3600
      return model.count(DayModelTests.series, from: start, to: start + 3600)
    }
    // 20467 is a Wednesday, so 20469 is a Friday.
    for day in [20_466, 20_467, 20_468] {
      #expect(hour(day, 3) * 10 < hour(day, 12))
      #expect(hour(day, 8) < hour(day, 12))
      #expect(hour(day, 18) < hour(day, 12))
    }
    let week = (0..<7).map { offset -> Int in
      let start = CivilDate(days: 20_464 + offset).start(offset: model.offset)
      return model.count(DayModelTests.series, from: start, to: start + 86_400)
    }
    // Sunday the 11th to Saturday the 17th.
    #expect(week[5...].max() ?? 0 < week[..<5].min() ?? 0)
  }

  @Test("The instants of events are those at which the count rises", arguments: [1.0, 0.37])
  func instants(share: Double) throws {
    let model = model()
    let series = Series("closed", perDay: 900, lag: 900)
    let shape = model.shape(series, day: 20_467)
    let total = Int(shape.cumulative(86_400) * share)
    let instants = shape.instants(of: 1...total, share: share)
    #expect(instants.count == total)
    for (index, instant) in instants.enumerated() {
      #expect(Int(shape.cumulative(instant + 0.001) * share) >= index + 1)
      #expect(Int(shape.cumulative(instant - 0.001) * share) <= index)
    }
    #expect(instants == instants.sorted())
  }

  @Test("A correction belongs to the instant it was given, and to its own figure")
  func corrected() {
    let corrections = Corrections()
    let model = DayModel(
      seed: 7,
      vendor: .experia,
      offset: 0,
      weekend: [],
      corrections: corrections
    )
    let midnight = CivilDate(days: 20_467).start(offset: 0)
    let day = model.count(DayModelTests.series, from: midnight, to: midnight + 86_400)
    let next = model.count(DayModelTests.series, from: midnight + 86_400, to: midnight + 172_800)
    corrections.add("experia.calls", at: midnight, events: -5)
    corrections.add("experia.others", at: midnight, events: 100)
    corrections.add("kore.calls", at: midnight, events: 100)
    #expect(model.count(DayModelTests.series, from: midnight, to: midnight + 86_400) == day - 5)
    #expect(
      model.count(DayModelTests.series, from: midnight + 86_400, to: midnight + 172_800) == next
    )
    #expect(model.count(DayModelTests.series, from: midnight, to: midnight + 1) == 0)
  }

  @Test("More pressure never shortens a wait, a longer threshold never lowers compliance")
  func quality() {
    let quality = ServiceQuality(median: 16, slope: 3)
    var slowest = 0.0
    for step in 0...120 {
      let pressure = Double(step) / 100
      #expect(quality.median(at: pressure) >= slowest)
      slowest = quality.median(at: pressure)
      var last = 0.0
      for threshold in [0.0, 1, 10, 60, 600, 6000] {
        let compliance = quality.compliance(threshold: threshold, at: pressure)
        #expect(compliance >= last && compliance <= 1)
        last = compliance
      }
    }
    // The median is the time within which one half is done.
    #expect(quality.compliance(threshold: quality.median(at: 1), at: 1) == 0.5)
    #expect(quality.quantile(0.5, at: 1) == quality.median(at: 1))
  }
}

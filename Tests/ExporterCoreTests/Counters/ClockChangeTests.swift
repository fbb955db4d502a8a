import CollectorKit
import TestSupport
import Testing

/// Steady traffic over a change of the clock: days of 23 and 25 hours, an hour that is left out and
/// one that comes twice.
///
/// A rule that compares `increase(x[1h])` with the same `offset 1w` must see neither a drop nor a jump.
@Suite struct ClockChangeTests {
  struct Case: Sendable, CustomStringConvertible {
    let vendor: VendorBooks.Vendor
    let zone: String
    /// Unix seconds: a day and some hours before the clocks change, where they do.
    let start: Double
    var description: String { "\(vendor) \(zone) \(start)" }
  }

  /// 2026-03-06T20:00Z and 2026-10-30T20:00Z: New York's clocks change on the second day that follows,
  /// at 07:00Z and at 06:00Z.
  private static let starts: [Double] = [1_772_827_200, 1_793_390_400]

  static let cases: [Case] = starts.flatMap { start in
    let kore = ["America/New_York", "Asia/Riyadh", "Asia/Kolkata", "Asia/Kathmandu"]
    let experia = ["-05:00", "+03:00", "+05:30", "+05:45"]
    return kore.map { Case(vendor: .kore, zone: $0, start: start) }
      + experia.map { Case(vendor: .experia, zone: $0, start: start) }
      + [Case(vendor: .rocketchat, zone: "Etc/UTC", start: start)]
  }

  @Test(arguments: cases)
  func everyHourCountsAlike(_ at: Case) async throws {
    let history = try CounterHistory(
      at.vendor,
      zone: at.zone,
      clockError: 0,
      start: at.start,
      folder: try TemporaryFolder()
    )
    try history.start()
    let poll = 600.0
    let perPoll = 5.0
    let perHour = perPoll * 3600 / poll
    // What comes within two minutes of midnight may wait for the next poll, or for the day's closing.
    let doubt = 2 * perPoll
    try await history.poll()
    var counters = [try #require(history.counter)]
    #expect(counters == [0])
    for _ in 1...(4 * 24 * 6) {
      let now = history.clock.now
      for part in 0..<5 { history.add(1, at: now + poll * (Double(part) + 0.5) / 5) }
      history.clock.move(to: now + poll)
      try await history.poll()
      counters.append(try #require(history.counter))
    }
    let hour = Int(3600 / poll)
    for index in counters.indices.dropFirst(hour) {
      #expect(counters[index] >= counters[index - 1], "\(at): fell at \(index)")
      let increase = counters[index] - counters[index - hour]
      #expect(abs(increase - perHour) <= doubt, "\(at): \(increase) at \(index)")
    }
    #expect(counters.last.map { abs($0 - history.books.traffic) <= doubt } == true)
  }

  /// The cases are what they claim: a day of New York's is an hour shorter, and one an hour longer.
  @Test func theClocksDoChange() throws {
    let lengths = try ClockChangeTests.starts.map { start in
      let history = try CounterHistory(
        .kore,
        zone: "America/New_York",
        clockError: 0,
        start: start,
        folder: try TemporaryFolder()
      )
      let zone = history.books.zone
      return (1...3).map { days in
        let day = zone.date(at: start).adding(days: days)
        return (zone.startOfDay(day.adding(days: 1)) - zone.startOfDay(day)) / 3600
      }
    }
    #expect(lengths == [[24, 23, 24], [24, 25, 24]])
  }
}

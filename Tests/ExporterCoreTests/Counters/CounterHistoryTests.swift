import CollectorKit
import Glibc
import TestSupport
import Testing

/// Thousands of random histories of whole agents: traffic, corrections, failed polls, crashes with lost
/// writes, days of downtime, clocks that are off, midnights, changes of the clock.
///
/// The rule's limits, from the README: a vendor's clock and the agent's are at most two minutes apart, a
/// target is down for less than `catch_up`, and a total that the vendor takes back was counted once.
@Suite struct CounterHistoryTests {
  /// 2,100 histories; fewer where a sanitizer makes each of them ten times as slow.
  private static let rounds =
    unsafe getenv("CX_HISTORY_ROUNDS").flatMap { unsafe Int(String(cString: $0)) } ?? 70
  private static let historiesARound = 10

  /// Zones with changes of the clock, and a start shortly before one of them.
  private static let zones: [VendorBooks.Vendor: [(name: String, start: Double)]] = [
    .experia: [
      ("+03:00", 1_768_478_400), ("+05:45", 1_768_478_400), ("-09:30", 1_768_478_400),
      ("+14:00", 1_768_478_400), ("Z", 1_768_478_400),
    ],
    .rocketchat: [("Etc/UTC", 1_768_478_400), ("Etc/UTC", 1_798_700_000)],
    .kore: [
      // 2026-03-29 and 2026-10-25 in Berlin, 2026-03-08 in New York, no change in Kathmandu.
      ("Europe/Berlin", 1_774_612_800), ("Europe/Berlin", 1_792_756_800),
      ("America/New_York", 1_772_798_400), ("Asia/Kathmandu", 1_768_478_400),
    ],
  ]

  private func history(
    _ vendor: VendorBooks.Vendor,
    _ random: inout SplitMix64,
    folder: TemporaryFolder,
    clockError: ClosedRange<Double>
  ) throws -> CounterHistory {
    let zones = CounterHistoryTests.zones[vendor] ?? []
    let zone = try #require(zones.randomElement(using: &random))
    return try CounterHistory(
      vendor,
      zone: zone.name,
      clockError: Double.random(in: clockError, using: &random),
      start: zone.start + Double.random(in: 0...86_400, using: &random),
      folder: folder
    )
  }

  /// Calm polls, without traffic, until every missed day was asked for.
  private func settle(_ history: CounterHistory) async throws {
    history.setFailing(false)
    history.clock.setError(0)
    // Past two midnights, so that each vendor's last day is asked for by its name.
    for _ in 0..<30 {
      history.clock.move(to: history.clock.now + 3600 * 2.2)
      try await history.poll()
    }
  }

  @Test(arguments: 0..<rounds, VendorBooks.Vendor.allCases)
  func theCounterIsTheTruth(_ round: Int, _ vendor: VendorBooks.Vendor) async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let folder = try TemporaryFolder()
    for _ in 0..<CounterHistoryTests.historiesARound {
      try await run(vendor, &random, folder: folder, seed: seed)
    }
  }

  private func run(
    _ vendor: VendorBooks.Vendor,
    _ random: inout SplitMix64,
    folder: TemporaryFolder,
    seed: UInt64
  ) async throws {
    // Together at most two minutes apart.
    let history = try history(vendor, &random, folder: folder, clockError: -60...60)
    let corrects = Bool.random(using: &random)
    let interval = Double.random(in: 300...5000, using: &random)
    var base: (counted: Double, traffic: Double, corrected: Double)?
    var shown: Double?
    try history.start()
    for _ in 0..<40 {
      let now = history.clock.now
      let isDown = Int.random(in: 0..<12, using: &random) == 0
      let pause = isDown ? Double.random(in: 0...5 * 86_400, using: &random) : interval
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        history.add(
          Double(Int.random(in: 1...9, using: &random)),
          at: now + Double.random(in: 0..<pause, using: &random)
        )
      }
      if corrects, base != nil, Int.random(in: 0..<8, using: &random) == 0 {
        history.correct(Double(Int.random(in: 1...9, using: &random)), at: now)
      }
      if isDown || Int.random(in: 0..<15, using: &random) == 0 {
        history.crash(losing: &random)
        history.clock.move(to: now + pause)
        try history.start()
      } else {
        history.clock.move(to: now + pause)
      }
      if Int.random(in: 0..<10, using: &random) == 0 {
        history.clock.setError(Double.random(in: -60...60, using: &random))
      }
      history.setFailing(Int.random(in: 0..<6, using: &random) == 0)
      // A counter begins with the day that its first request named, whatever day the vendor is in:
      // that is another of the README's limits.
      if base == nil, history.isNearMidnight { history.clock.move(to: history.clock.now + 300) }
      let before = history.books.baseline(at: history.clock.now)
      try await history.poll()
      let counter = history.counter
      if base == nil, counter != nil {
        base = (before, history.books.traffic, history.books.corrected)
        #expect(counter == 0, "\(vendor) seed \(seed): a fresh series starts at 0")
      }
      if let shown { #expect(counter ?? -1 >= shown, "\(vendor) seed \(seed): fell from \(shown)") }
      shown = counter ?? shown
    }
    try await settle(history)
    guard let base, let counter = history.counter else { return }
    // What came after the first poll, and nothing of what it found.
    let truth = history.books.traffic - base.traffic
    let corrected = history.books.corrected - base.corrected
    if corrects {
      #expect(counter >= truth - corrected, "\(vendor) seed \(seed): lost something")
      #expect(counter <= truth, "\(vendor) seed \(seed): invented something")
    } else {
      #expect(counter == truth, "\(vendor) seed \(seed): \(counter) instead of \(truth)")
    }
  }

  /// A clock that is wrong by days for a poll does no lasting harm.
  ///
  /// It may misfile what it sees meanwhile. It must never make a counter fall, and once it is right
  /// again the days that follow must be counted in full.
  @Test(arguments: 0..<min(20, rounds), VendorBooks.Vendor.allCases)
  func aWildClockDoesNoLastingHarm(_ round: Int, _ vendor: VendorBooks.Vendor) async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let folder = try TemporaryFolder()
    let history = try history(vendor, &random, folder: folder, clockError: 0...0)
    try history.start()
    var shown = 0.0
    // A series whose very first total came under a wrong clock is another of the README's limits; at
    // midnight the first poll brings none.
    repeat {
      history.clock.move(to: history.clock.now + 600)
      try await history.poll()
    } while history.counter == nil
    for _ in 0..<60 {
      history.add(5, at: history.clock.now)
      history.clock.move(to: history.clock.now + 3600)
      let isWild = Int.random(in: 0..<5, using: &random) == 0
      // Far enough that what is misfiled does not meet the days of this test.
      let days = Double.random(in: 20...400, using: &random)
      let error = Bool.random(using: &random) ? days : -days
      history.clock.setError(isWild ? error * 86_400 : 0)
      if Int.random(in: 0..<10, using: &random) == 0 {
        history.crash(losing: &random)
        try history.start()
      }
      try await history.poll()
      let counter = history.counter ?? 0
      #expect(counter >= shown, "\(vendor) seed \(seed): fell from \(shown)")
      shown = counter
    }
    // A clock that went back a year has a whole catch_up asked for once more.
    try await settle(history)
    try await settle(history)
    let settled = try #require(history.counter)
    for _ in 0..<60 {
      history.add(7, at: history.clock.now)
      history.clock.move(to: history.clock.now + 3600)
      try await history.poll()
    }
    try await settle(history)
    #expect(history.counter == settled + 60 * 7, "\(vendor) seed \(seed)")
  }
}

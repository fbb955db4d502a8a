import Exposition
import Ledger
import TestSupport
import Testing

/// Random histories against a model that knows the truth.
@Suite struct LedgerModelTests {
  /// What the agent was told, day by day, kept apart from how the ledger keeps it.
  private struct Model {
    var first: [Int64: Double] = [:]
    var highs: [Int64: Double] = [:]
    var last: [Int64: Double] = [:]
    var corrections = 0

    mutating func see(_ totals: [Int64: Double]) {
      let isFirst = highs.isEmpty
      let origin = first.keys.min() ?? .min
      for (day, value) in totals where day >= origin {
        if isFirst { first[day] = value }
        if let before = last[day], value < before { corrections += 1 }
        last[day] = value
        highs[day] = max(highs[day] ?? 0, value)
      }
    }

    /// The final highs of every day after the baseline, and what the baseline days rose by.
    var counter: Double {
      highs.reduce(0) { $0 + $1.value - (first[$1.key] ?? 0) }
    }
  }

  /// A month of polls of yesterday and today, with outages, catch-up, corrections and clock steps.
  @Test(arguments: 0..<200) func randomHistory(_ round: Int) {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix64(seed: seed)
    let history = LedgerHistory()
    var model = Model()
    var truth: [Int64: Double] = [:]
    var before = 0.0
    var corrections = 0
    var hour = 100.0 * 24
    var clockError = 0.0

    while hour < 130 * 24 {
      let isOutage = Int.random(in: 0..<50, using: &random) == 0
      hour += isOutage ? Double.random(in: 0...96, using: &random) : 1
      let today = Int64(hour / 24)
      // What happens at the vendor: traffic, late traffic, corrections.
      for day in today - 4...today {
        let traffic = Double(Int.random(in: 0...(day == today ? 9 : 1), using: &random))
        truth[day, default: 0] += traffic
        if Int.random(in: 0..<40, using: &random) == 0 {
          let correction = Double(Int.random(in: 0...20, using: &random))
          truth[day] = max(0, truth[day, default: 0] - correction)
        }
      }
      // What the poll asks for: today, mostly yesterday, now and then whatever was missed.
      var days: Set<Int64> = [today]
      if Bool.random(using: &random) { days.insert(today - 1) }
      if isOutage { days.formUnion(today - 6...today) }
      let totals = truth.filter { days.contains($0.key) }
      if Int.random(in: 0..<60, using: &random) == 0 {
        clockError = Double.random(in: -48...2, using: &random)
      }

      let result = history.poll(
        totals.map { (day: $0.key, value: $0.value) }.shuffled(using: &random),
        onDay: (hour + clockError) / 24
      )
      model.see(totals)
      corrections += result.corrections
      let now = history.total ?? -1
      #expect(now >= before, "seed \(seed): fell at hour \(hour)")
      #expect(now == model.counter, "seed \(seed): wrong at hour \(hour)")
      before = now
      if now != model.counter { return }
    }
    #expect(corrections == model.corrections, "seed \(seed)")
    #expect(before > 0, "seed \(seed)")
  }
}

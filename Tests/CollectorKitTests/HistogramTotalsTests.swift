import Exposition
import Ledger
import Testing

@testable import CollectorKit

/// Histograms through the ledger and out of it again.
@Suite struct HistogramTotalsTests {
  private static let totals = HistogramTotals(name: "x_seconds", help: "X.", bounds: [1, 2.5])
  private static let today = Bucket(start: 86_400, end: 172_800)
  private static let tomorrow = Bucket(start: 172_800, end: 259_200)

  private func record(
    _ ledger: CounterLedger,
    _ counts: [Int],
    _ sum: Double,
    totals: HistogramTotals = totals,
    bucket: Bucket = today
  ) -> MetricFamily? {
    _ = ledger.record(
      totals.observations(counts: counts, sum: sum, labels: ["view": "all"], bucket: bucket),
      target: "t",
      at: 100_000
    )
    let families = HistogramTotals.assemble(ledger.families(target: "t"), [totals])
    #expect(families.count == 1)
    #expect(ExpositionValidator().problems(in: families).isEmpty)
    return families.first
  }

  private func cumulative(_ family: MetricFamily?) -> [Double] {
    family?.histograms.first?.buckets.map(\.cumulativeCount) ?? []
  }

  @Test func aDayAndTheNext() {
    let ledger = CounterLedger()
    #expect(cumulative(record(ledger, [5, 5, 5], 30)) == [0, 0, 0])
    let later = record(ledger, [6, 7, 9], 50)
    #expect(later?.name == "x_seconds" && later?.type == .histogram && later?.help == "X.")
    #expect(later?.histograms.first?.labels == ["view": "all"])
    #expect(later?.histograms.first?.buckets.map(\.upperBound) == [1, 2.5, .infinity])
    #expect(cumulative(later) == [1, 3, 7])
    #expect(later?.histograms.first?.sum == 20)
    let next = record(ledger, [1, 0, 1], 6, bucket: Self.tomorrow)
    #expect(cumulative(next) == [2, 4, 9])
    #expect(next?.histograms.first?.sum == 26)
  }

  /// Whatever the vendor corrects, the counts rise from bucket to bucket and from poll to poll.
  @Test func corrections() {
    let ledger = CounterLedger()
    var before = [0.0, 0, 0]
    for counts in [[5, 5, 5], [6, 2, 9], [0, 9, 0], [7, 7, 7], [0, 0, 0], [9, 1, 8]] {
      let now = cumulative(record(ledger, counts, Double(counts[2])))
      #expect(now == now.sorted())
      #expect(zip(before, now).allSatisfy { $0 <= $1 })
      before = now
    }
  }

  /// A bucket between two new bounds counts for the upper one; nothing is counted twice.
  @Test func otherBounds() {
    let ledger = CounterLedger()
    _ = record(ledger, [0, 0, 0], 0)
    _ = record(ledger, [1, 2, 4], 10)
    let wider = HistogramTotals(name: "x_seconds", help: "X.", bounds: [2, 5])
    let changed = record(ledger, [2, 3, 2], 10, totals: wider)
    #expect(changed?.histograms.first?.buckets.map(\.upperBound) == [2, 5, .infinity])
    #expect(cumulative(changed) == [1, 3, 7])
    #expect(cumulative(record(ledger, [3, 3, 2], 11, totals: wider)) == [2, 4, 8])
  }

  @Test func whatTheConfigurationNoLongerHasKeepsItsBounds() {
    let ledger = CounterLedger()
    _ = record(ledger, [0, 0, 0], 0)
    _ = record(ledger, [1, 1, 1], 5)
    let families = HistogramTotals.assemble(ledger.families(target: "t"), [])
    #expect(families.first?.histograms.first?.buckets.map(\.upperBound) == [1, 2.5, .infinity])
  }

  @Test func countersAreLeftAlone() {
    let counter = MetricFamily(
      name: "a_total",
      type: .counter,
      help: "A.",
      samples: [Sample(labels: [:], value: 1)]
    )
    #expect(HistogramTotals.assemble([counter], [Self.totals]) == [counter])
  }
}

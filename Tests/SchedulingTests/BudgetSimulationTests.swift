import CollectorKit
import HTTPTransport
import Scheduling
import Synchronization
import TestSupport
import Testing

/// The promise that matters most to an account: the vendor's limit is never exceeded.
@Suite struct BudgetSimulationTests {
  /// The most arrivals in any window, both edges counted.
  private func mostArrivals(_ arrivals: [Double], in window: Double) -> Int {
    var most = 0
    var first = 0
    for (index, arrival) in arrivals.enumerated() {
      while arrivals[first] < arrival - window { first += 1 }
      most = max(most, index - first + 1)
    }
    return most
  }

  /// Polls for `hours` in `runs` runs of the loops over the same budgets, with requests that take
  /// up to two seconds each way, and gives the arrivals at the vendor.
  private func arrivals(
    hours: Double,
    runs: Int,
    targets: Int,
    requests: Int,
    interval: Double,
    limits: [RateLimit],
    status: @escaping @Sendable (Int) -> Int = { _ in 200 }
  ) async -> [Double] {
    let time = SimulatedTime(
      unixTime: 1_768_000_000,
      participants: targets,
      duration: hours * 3600
    )
    let bench = Bench(time: time)
    let seen = Mutex<[Double]>([])
    let generator = Mutex(SplitMix64(seed: 42))
    let client = SlowClient(
      time: time,
      latency: { generator.withLock { Double.random(in: 0...2, using: &$0) } },
      arrived: { uptime in
        let count = seen.withLock { seen in
          seen.append(uptime)
          return seen.count
        }
        return HTTPClientResponse(status: status(count), body: Array("1".utf8))
      }
    )
    for run in 1...runs {
      time.end(after: hours * 3600 / Double(runs) * Double(run))
      let scheduled = (0..<targets).map { index in
        bench.target(
          "t\(index)",
          interval: interval,
          requests: requests,
          credential: "one key",
          limits: limits
        )
      }
      await bench.scheduler(scheduled, client).run()
    }
    return seen.withLock { $0 }.sorted()
  }

  @Test func experiaStaysBelow200AnHourFor500Hours() async {
    let limits = [RateLimit(requests: 200, window: 3600)]
    let arrivals = await arrivals(
      hours: 500,
      runs: 25,
      targets: 1,
      requests: 1,
      interval: 60,
      limits: limits
    )
    #expect(mostArrivals(arrivals, in: 3600) <= 200)
    #expect(arrivals.count > 28_000)
  }

  @Test func anOverplannedBudgetIsUsedAndNotExceeded() async {
    // 5 targets with 3 requests every 30 s: 1,800 an hour planned for 200.
    let limits = [RateLimit(requests: 200, window: 3600)]
    let arrivals = await arrivals(
      hours: 500,
      runs: 50,
      targets: 5,
      requests: 3,
      interval: 30,
      limits: limits
    )
    #expect(mostArrivals(arrivals, in: 3600) <= 200)
    // The budget is there to be used: at least nine tenths of what is allowed.
    #expect(Double(arrivals.count) > 0.9 * 200 * 500)
  }

  @Test func failuresAndRetriesCountAsWell() async {
    let limits = [RateLimit(requests: 200, window: 3600)]
    let arrivals = await arrivals(
      hours: 500,
      runs: 25,
      targets: 2,
      requests: 2,
      interval: 30,
      limits: limits,
      status: { $0.isMultiple(of: 3) ? 500 : 200 }
    )
    #expect(mostArrivals(arrivals, in: 3600) <= 200)
    #expect(arrivals.count > 10_000)
  }

  @Test func twoWindowsHoldAtTheSameTime() async {
    let limits = [RateLimit(requests: 60, window: 60), RateLimit(requests: 1800, window: 3600)]
    let arrivals = await arrivals(
      hours: 20,
      runs: 10,
      targets: 3,
      requests: 40,
      interval: 30,
      limits: limits
    )
    #expect(mostArrivals(arrivals, in: 60) <= 60)
    #expect(mostArrivals(arrivals, in: 3600) <= 1800)
    #expect(arrivals.count > 30_000)
  }

  @Test func moreRequestsAPollThanAWindowAllowsAreSpread() async {
    // Rocket.Chat with two departments: 14 requests a poll, 10 a minute.
    let limits = [RateLimit(requests: 10, window: 60)]
    let arrivals = await arrivals(
      hours: 20,
      runs: 1,
      targets: 1,
      requests: 14,
      interval: 60,
      limits: limits
    )
    #expect(mostArrivals(arrivals, in: 60) <= 10)
    // A slot comes free a window after its answer, so the latencies here cost a few percent.
    #expect(Double(arrivals.count) > 0.85 * 600 * 20)
  }
}

import CollectorKit
import Exposition
import HTTPTransport
import Ledger
import Logging
import Scheduling
import TestSupport

/// A collector that sends so many requests a poll, each a part of its own.
struct StubCollector: Collector {
  var requests = 1
  var plan: RequestPlan { RequestPlan([RequestPlan.Entry("requests", requests: requests)]) }
  var configuredFamilies: [MetricFamily] {
    [
      MetricFamily(
        name: "experia_sla_threshold_seconds",
        type: .gauge,
        help: "Threshold.",
        samples: [Sample(labels: [:], value: 30)]
      )
    ]
  }

  func collect(in context: CollectionContext) async throws -> PollOutcome {
    var outcome = PollOutcome()
    for index in 0..<requests {
      try await outcome.part("part \(index)") {
        let response = try await context.client.send(
          "GET",
          "/\(index)",
          fields: [],
          endpoint: "GET /\(index)"
        )
        let value = Double(String(decoding: response.body, as: UTF8.self)) ?? 0
        return PollOutcome.Values(
          families: [
            MetricFamily(
              name: "experia_period_sessions",
              type: .gauge,
              help: "Sessions.",
              samples: [Sample(labels: ["view": "\(index)"], value: value)]
            )
          ],
          observations: [
            Observation(
              family: CounterFamily(name: "experia_sessions_total", help: "Sessions."),
              labels: ["view": "\(index)"],
              bucket: Bucket(start: 0, end: 86_400),
              value: value
            )
          ]
        )
      }
    }
    return outcome
  }
}

/// A scheduler over stub collectors under a simulated clock.
struct Bench {
  let time: SimulatedTime
  let store = SnapshotStore()
  let log = LogRecorder()
  let budgets: BudgetRegistry

  init(time: SimulatedTime) {
    self.time = time
    budgets = BudgetRegistry(time: time)
  }

  func target(
    _ name: String,
    interval: Double = 60,
    requests: Int = 1,
    credential: String? = nil,
    limits: [RateLimit] = [],
    staleAfter: Double = 300,
    fingerprint: String = ""
  ) -> ScheduledTarget {
    var settings = TargetSettings(name: name, vendor: "experia", url: "http://\(name).test")
    settings.interval = interval
    settings.staleAfter = staleAfter
    return ScheduledTarget(
      settings: settings,
      collector: StubCollector(requests: requests),
      budget: budgets.budget(
        credential: credential ?? name,
        vendor: "experia",
        target: name,
        limits: limits
      ),
      fingerprint: fingerprint
    )
  }

  func scheduler(_ targets: [ScheduledTarget], _ http: any HTTPClient) -> Scheduler {
    Scheduler(
      targets: targets,
      http: http,
      time: time,
      ledger: CounterLedger(),
      store: store,
      log: log.logger,
      random: { 0.5 }
    )
  }
}

/// A client that takes the simulated clock's time for every answer.
struct SlowClient: HTTPClient {
  let time: SimulatedTime
  let latency: @Sendable () -> Double
  let arrived: @Sendable (_ uptime: Double) -> HTTPClientResponse

  func send(
    _ request: HTTPClientRequest
  ) async throws(TransportError) -> HTTPClientResponse {
    do {
      try await time.sleep(seconds: latency())
      let response = arrived(time.uptime)
      try await time.sleep(seconds: latency())
      return response
    } catch {
      throw TransportError(code: .cancelled, message: "cancelled")
    }
  }
}

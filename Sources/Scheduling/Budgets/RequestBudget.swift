public import CollectorKit
import Synchronization

/// The requests that one credential may send: every window of its limits at once, first come first
/// served among the targets that share it.
///
/// A budget outlives the poll loops that use it, so that a restart of the loops forgets nothing.
public final class RequestBudget: Sendable {
  /// The label `budget`: the first target that uses the credential.
  public let name: String
  /// The label `vendor`.
  public let vendor: String
  /// The limits; empty where the vendor sets none.
  public var limits: [RateLimit] { state.withLock { $0.windows.map(\.limit) } }
  private let time: any TimeSource
  private let state: Mutex<State>
  /// Where it is kept; nil keeps it in memory only.
  private let stored: StoredBudget?
  /// Keeps an older record from being written over a newer one.
  private let saving = Mutex<Void>(())

  private struct State {
    var windows: [SlidingWindow]
    /// No request before this time: the vendor said so.
    var blockedUntil = 0.0
    /// Tickets of those who wait, in their order.
    var queue: [Int] = []
    var nextTicket = 0
    /// What each target's polls ask for and how often.
    var plans: [String: (plan: RequestPlan, interval: Double)] = [:]

    /// What must be known after a restart; nil where there is no limit.
    mutating func record(_ moment: BudgetMoment) -> BudgetRecord? {
      let blocked = max(0, blockedUntil - moment.uptime)
      // The longest window knows every request that a shorter one knows.
      let longest = windows.indices.max { windows[$0].limit.window < windows[$1].limit.window }
      guard let longest else {
        return blocked > 0 ? BudgetRecord(moment: moment, blocked: blocked) : nil
      }
      let (inFlight, ended) = windows[longest].taken(at: moment.uptime)
      return BudgetRecord(
        moment: moment,
        blocked: blocked,
        inFlight: inFlight,
        ages: ended.map { moment.uptime - $0 }
      )
    }

    /// Takes a slot where it is the ticket's turn and one is free, and says nil; else says when to
    /// look again.
    mutating func grant(_ ticket: Int, at now: Double) -> Double? {
      guard blockedUntil <= now else { return blockedUntil }
      var free = now
      for index in windows.indices {
        free = max(free, windows[index].free(at: now) ?? now + 0.05)
      }
      guard free <= now else { return free }
      guard queue.first == ticket else { return now }
      for index in windows.indices { windows[index].enter() }
      queue.removeFirst()
      return nil
    }
  }

  /// The state of one window, for metrics and pages.
  public struct WindowStatus: Sendable, Equatable {
    /// The limit.
    public let limit: RateLimit
    /// Requests that could be sent now.
    public let remaining: Int
    /// Requests that the configured polls need in a window, on average.
    public let planned: Double
    /// Seconds until a slot comes free, or until all of the taken ones would be.
    public let resetIn: Double
  }

  /// A budget with all of its slots free, but for those that were taken before a restart.
  ///
  /// - Parameters:
  ///   - name: The label `budget`.
  ///   - vendor: The label `vendor`.
  ///   - limits: The limits.
  ///   - time: The clocks.
  ///   - stored: Where to keep it; nil keeps it in memory only.
  init(
    name: String,
    vendor: String,
    limits: [RateLimit],
    time: any TimeSource,
    stored: StoredBudget? = nil
  ) {
    self.name = name
    self.vendor = vendor
    self.time = time
    self.stored = stored
    var ended: [Double] = []
    var blockedUntil = 0.0
    if let stored, let record = stored.load() {
      let now = time.uptime
      let passed = stored.moment(time).seconds(since: record.moment)
      // What was in flight may have ended at any time since: at worst just now.
      ended = record.ages.map { now - passed - max(0, $0) }
      ended += Array(repeating: now, count: record.inFlight)
      if record.blocked > passed { blockedUntil = now + record.blocked - passed }
    }
    state = Mutex(
      State(
        windows: limits.map { SlidingWindow($0, ended: ended) },
        blockedUntil: blockedUntil
      )
    )
  }

  /// Waits for a free slot in every window and takes it.
  ///
  /// - Parameter patience: The most seconds to wait.
  /// - Returns: nil once the slot is taken; otherwise the seconds after which there may be one,
  ///   at once where it is known to take longer than `patience`.
  /// - Throws: `CancellationError`.
  func enter(patience: Double) async throws -> Double? {
    let deadline = time.uptime + patience
    // The ticket and the first look in one step: whoever is in the queue really has to wait.
    var now = time.uptime
    var free: Double?
    let ticket: Int
    (ticket, free) = state.withLock { state in
      state.nextTicket += 1
      state.queue.append(state.nextTicket)
      return (state.nextTicket, state.grant(state.nextTicket, at: now))
    }
    defer { state.withLock { $0.queue.removeAll { $0 == ticket } } }
    while let next = free {
      // Another's turn, or a request in flight: look again soon, for nobody knows how soon.
      let wait = min(max(next - now, RequestBudget.shortestWait), RequestBudget.longestWait)
      guard next <= deadline, now + RequestBudget.shortestWait <= deadline else {
        return max(next - now, RequestBudget.shortestWait)
      }
      try await time.sleep(seconds: wait)
      now = time.uptime
      free = state.withLock { [now] in $0.grant(ticket, at: now) }
    }
    // Before the request is sent, so that it is known whatever becomes of the agent.
    save()
    return nil
  }

  private static let shortestWait = 0.05
  private static let longestWait = 60.0

  /// Gives the slot back: it stays taken for a window from now.
  func leave() {
    let now = time.uptime
    state.withLock { state in
      for index in state.windows.indices { state.windows[index].leave(at: now) }
    }
  }

  /// Takes other limits; what was sent under the old ones counts against the new ones.
  func change(limits: [RateLimit]) {
    state.withLock { state in
      let longest = state.windows.max { $0.limit.window < $1.limit.window }
      state.windows = limits.map { limit in
        let same = state.windows.first { $0.limit.window == limit.window }
        return (same ?? longest)?.with(limit) ?? SlidingWindow(limit)
      }
    }
  }

  /// Sends nothing for so many seconds, as the vendor asked.
  func block(seconds: Double) {
    let until = time.uptime + seconds
    state.withLock { $0.blockedUntil = max($0.blockedUntil, until) }
    save()
  }

  /// Whether the vendor has asked to wait until later than now.
  var isBlocked: Bool {
    let now = time.uptime
    return state.withLock { $0.blockedUntil > now }
  }

  /// Keeps what was sent, where there is a storage.
  private func save() {
    guard let stored else { return }
    saving.withLock { _ in
      let moment = stored.moment(time)
      let record = state.withLock { $0.record(moment) }
      if let record { stored.save(record) }
    }
  }

  /// Says what a target's polls will ask for; nil takes the target out.
  public func setPlan(_ plan: RequestPlan?, interval: Double, target: String) {
    state.withLock { state in
      state.plans[target] = plan.map { ($0, interval) }
    }
  }

  /// How much longer than configured the intervals must be for the plans to fit: 1 or more.
  public var stretch: Double {
    let plans = state.withLock { Array($0.plans.values) }
    let factor =
      limits.map { limit in
        RequestBudget.planned(plans, limit) / Double(limit.requests)
      }.max() ?? 0
    return factor > 1 + RequestBudget.rounding ? factor * RequestBudget.stretchMargin : 1
  }

  /// A plan that uses every slot may come out above 1 by a sum's rounding error.
  private static let rounding = 1e-9
  /// Leaves a little room for a retry in a plan that would use every slot.
  private static let stretchMargin = 1.02

  /// Every window's state now.
  public var status: [WindowStatus] {
    let now = time.uptime
    return state.withLock { state in
      let plans = Array(state.plans.values)
      return state.windows.indices.map { index in
        let limit = state.windows[index].limit
        let used = state.windows[index].used(at: now)
        let free = state.windows[index].free(at: now) ?? now
        return WindowStatus(
          limit: limit,
          remaining: state.blockedUntil > now ? 0 : max(0, limit.requests - used),
          planned: RequestBudget.planned(plans, limit),
          resetIn: max(0, max(free, state.blockedUntil) - now)
        )
      }
    }
  }

  private static func planned(
    _ plans: [(plan: RequestPlan, interval: Double)],
    _ limit: RateLimit
  ) -> Double {
    plans.reduce(0) { $0 + $1.plan.requests(in: limit.window, interval: $1.interval) }
  }
}

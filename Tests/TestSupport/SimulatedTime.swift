public import CollectorKit
import Synchronization

/// A clock for discrete-event simulation: when every participant sleeps, it jumps to the time at
/// which the first of them wakes.
///
/// A participant is a task that is always either running or in `sleep`. Nothing waits for real.
public final class SimulatedTime: TimeSource {
  fileprivate struct Sleeper {
    let id: Int
    let wakes: Double
    let continuation: CheckedContinuation<Void, any Error>
  }

  fileprivate struct State {
    var uptime: Double
    var unixTime: Double
    var participants: Int
    var sleepers: [Sleeper] = []
    var nextID = 0
    var cancelled: Set<Int> = []
    var end: Double
  }

  private let state: Mutex<State>

  /// A clock that stands at `unixTime` until all participants sleep.
  ///
  /// - Parameters:
  ///   - unixTime: The real-time clock's start in Unix seconds.
  ///   - participants: How many tasks take part.
  ///   - duration: Seconds after which every sleep throws `CancellationError`.
  public init(unixTime: Double, participants: Int, duration: Double = .infinity) {
    state = Mutex(
      State(
        uptime: 1000,
        unixTime: unixTime,
        participants: participants,
        end: 1000 + duration
      )
    )
  }

  /// The simulated real-time clock.
  public var unixTime: Double { state.withLock { $0.unixTime } }

  /// The simulated steady clock; it starts at 1000.
  public var uptime: Double { state.withLock { $0.uptime } }

  /// Steps the real-time clock and leaves the steady one alone.
  public func step(unixTime: Double) {
    state.withLock { $0.unixTime = unixTime }
  }

  /// Ends the simulation, counted in seconds from its start; sleepers beyond that are cancelled.
  public func end(after duration: Double) {
    state.withLock { $0.end = 1000 + duration }
  }

  /// Moves both clocks on and wakes whoever is due; for tests without participants.
  public func advance(by seconds: Double) {
    let due = state.withLock { state in state.move(to: state.uptime + seconds) }
    for sleeper in due { sleeper.continuation.resume() }
  }

  /// Sleeps until the simulation gets there.
  public func sleep(seconds: Double) async throws {
    try Task.checkCancellation()
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        settle { state in
          if state.cancelled.remove(id) != nil { return ([], [continuation]) }
          state.sleepers.append(
            Sleeper(id: id, wakes: state.uptime + max(0, seconds), continuation: continuation)
          )
          return state.jump()
        }
      }
    } onCancel: {
      settle { state in
        guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
          state.cancelled.insert(id)
          return ([], [])
        }
        return ([], [state.sleepers.remove(at: index).continuation])
      }
    }
  }

  private typealias Outcome = (
    woken: [CheckedContinuation<Void, any Error>], ended: [CheckedContinuation<Void, any Error>]
  )

  private func settle(_ change: (inout sending State) -> Outcome) {
    let outcome = state.withLock { change(&$0) }
    for continuation in outcome.woken { continuation.resume() }
    for continuation in outcome.ended { continuation.resume(throwing: CancellationError()) }
  }
}

extension SimulatedTime.State {
  /// Where all participants sleep, goes to the first wake-up, or ends the simulation.
  fileprivate mutating func jump() -> (
    woken: [CheckedContinuation<Void, any Error>], ended: [CheckedContinuation<Void, any Error>]
  ) {
    guard participants > 0, sleepers.count >= participants,
      let next = sleepers.map(\.wakes).min()
    else { return ([], []) }
    guard next <= end else {
      let all = sleepers.map(\.continuation)
      sleepers.removeAll()
      return ([], all)
    }
    return (move(to: max(next, uptime)).map(\.continuation), [])
  }

  fileprivate mutating func move(to time: Double) -> [SimulatedTime.Sleeper] {
    unixTime += time - uptime
    uptime = time
    let due = sleepers.filter { $0.wakes <= time }
    sleepers.removeAll { $0.wakes <= time }
    return due
  }
}

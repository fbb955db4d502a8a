import Dispatch
import Synchronization
import Testing

@testable import HTTPListener

/// Costly checks: two at a time, a bounded queue behind them, and no more.
@Suite struct PasswordWorkersTests {
  /// Jobs that stand still until they are let go.
  private final class Gate: Sendable {
    private let opened = DispatchSemaphore(value: 0)
    private let state = Mutex((running: 0, most: 0, finished: 0))

    var running: Int { state.withLock { $0.running } }
    var most: Int { state.withLock { $0.most } }
    var finished: Int { state.withLock { $0.finished } }

    func pass() {
      state.withLock { state in
        state.running += 1
        state.most = max(state.most, state.running)
      }
      opened.wait()
      state.withLock { state in
        state.running -= 1
        state.finished += 1
      }
    }

    func letGo(_ count: Int) {
      for _ in 0..<count { opened.signal() }
    }
  }

  @Test func theThirdCheckWaits() throws {
    let workers = PasswordWorkers()
    let gate = Gate()
    for _ in 0..<3 { #expect(workers.submit { gate.pass() }) }
    try eventually { gate.running == PasswordWorkers.maxRunning }
    #expect(PasswordWorkers.maxRunning == 2)
    #expect(gate.finished == 0)
    gate.letGo(1)
    // One has ended, and the third has its place.
    try eventually { gate.finished == 1 && gate.running == 2 }
    gate.letGo(2)
    try eventually { gate.finished == 3 }
    #expect(gate.most == 2)
  }

  @Test func aFullQueueRefusesAndTakesAgain() throws {
    let workers = PasswordWorkers()
    let gate = Gate()
    for _ in 0..<PasswordWorkers.maxRunning { #expect(workers.submit { gate.pass() }) }
    try eventually { gate.running == PasswordWorkers.maxRunning }
    for _ in 0..<PasswordWorkers.maxWaiting { #expect(workers.submit { gate.pass() }) }
    #expect(!workers.submit { gate.pass() })
    gate.letGo(1)
    try eventually { gate.finished == 1 && gate.running == PasswordWorkers.maxRunning }
    #expect(workers.submit { gate.pass() })
    #expect(!workers.submit { gate.pass() })
    let accepted = PasswordWorkers.maxRunning + PasswordWorkers.maxWaiting + 1
    gate.letGo(accepted - 1)
    try eventually { gate.finished == accepted }
    #expect(gate.most == PasswordWorkers.maxRunning)
  }

  /// Whether the threads have already taken theirs must not matter to who is let in.
  @Test func aBurstBeforeTheThreadsHaveBegunFillsAllPlaces() throws {
    let workers = PasswordWorkers()
    let gate = Gate()
    let places = PasswordWorkers.maxRunning + PasswordWorkers.maxWaiting
    let taken = (0..<places + 10).filter { _ in workers.submit { gate.pass() } }
    #expect(taken == Array(0..<places))
    gate.letGo(places)
    try eventually { gate.finished == places }
  }
}

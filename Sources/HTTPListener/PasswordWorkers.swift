import CLinux
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Runs costly checks on at most two threads of their own; a bounded number waits.
final class PasswordWorkers: Sendable {
  typealias Job = @Sendable () -> Void

  /// Checks at a time: logging in must not take the whole machine.
  static let maxRunning = 2
  /// Checks that wait; more are refused.
  static let maxWaiting = 64

  private struct State {
    var waiting: [Job] = []
    /// Threads, whether they already have a check or are about to take one.
    var running = 0
    /// Checks taken and not done: a flood may come before the threads have taken theirs, and just as
    /// many must fit then.
    var unfinished = 0
  }

  private let state = Mutex(State())

  /// Runs the job soon, on another thread; false where too many wait or there is no thread.
  func submit(_ job: @escaping Job) -> Bool {
    let needsThread: Bool? = state.withLock { state in
      guard state.unfinished < PasswordWorkers.maxRunning + PasswordWorkers.maxWaiting else {
        return nil
      }
      state.unfinished += 1
      state.waiting.append(job)
      guard state.running < PasswordWorkers.maxRunning else { return false }
      state.running += 1
      return true
    }
    guard let needsThread else { return false }
    guard needsThread, !startThread() else { return true }
    return state.withLock { state in
      state.running -= 1
      // Another thread takes it; with none left nobody would.
      if state.running > 0 { return true }
      state.unfinished -= state.waiting.count
      state.waiting = []
      return false
    }
  }

  private func work() {
    while true {
      let job: Job? = state.withLock { state in
        if state.waiting.isEmpty {
          state.running -= 1
          return nil
        }
        return state.waiting.removeFirst()
      }
      guard let job else { return }
      job()
      state.withLock { $0.unfinished -= 1 }
    }
  }

  private func startThread() -> Bool {
    var thread = pthread_t()
    let retained = unsafe Unmanaged.passRetained(self)
    let status = unsafe cx_start_thread(
      &thread,
      "password-check",
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<PasswordWorkers>.fromOpaque(argument).takeRetainedValue().work()
        }
        return nil
      },
      retained.toOpaque()
    )
    guard status == 0 else {
      unsafe retained.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}

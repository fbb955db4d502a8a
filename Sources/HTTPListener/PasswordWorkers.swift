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
    /// Threads; each has a check from its start on.
    var running = 0
  }

  /// What a new thread is given.
  private final class Start: Sendable {
    let workers: PasswordWorkers
    let first: Job

    init(_ workers: PasswordWorkers, _ first: @escaping Job) {
      self.workers = workers
      self.first = first
    }
  }

  private let state = Mutex(State())

  /// Runs the job soon, on another thread; false where too many wait or there is no thread.
  func submit(_ job: @escaping Job) -> Bool {
    let isTaken: Bool? = state.withLock { state in
      if state.running < PasswordWorkers.maxRunning {
        state.running += 1
        return nil
      }
      guard state.waiting.count < PasswordWorkers.maxWaiting else { return false }
      state.waiting.append(job)
      return true
    }
    if let isTaken { return isTaken }
    if startThread(with: job) { return true }
    return state.withLock { state in
      state.running -= 1
      // Another thread takes it; with none left nobody would.
      guard state.running > 0 else { return false }
      state.waiting.append(job)
      return true
    }
  }

  private func work(_ first: @escaping Job) {
    var next: Job? = first
    while let job = next {
      job()
      next = state.withLock { state in
        if state.waiting.isEmpty {
          state.running -= 1
          return nil
        }
        return state.waiting.removeFirst()
      }
    }
  }

  private func startThread(with job: @escaping Job) -> Bool {
    var thread = pthread_t()
    let retained = unsafe Unmanaged.passRetained(Start(self, job))
    let status = unsafe cx_start_thread(
      &thread,
      "password-check",
      { argument in
        if let argument = unsafe argument {
          let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
          start.workers.work(start.first)
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

import CLinux
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Wakes whoever sleeps: one thread that waits for the nearest wake-up.
///
/// The concurrency runtime's own timers count on the kernel's steady clock behind the process's back:
/// under a clock that is faked for a test they never fire. This thread asks `uptime` and waits for spans.
final class AlarmClock: Sendable {
  private struct Sleeper {
    let wakes: Double
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var sleepers: [UInt64: Sleeper] = [:]
    var cancelled: Set<UInt64> = []
    var nextID: UInt64 = 0
    /// An eventfd once the thread runs.
    var bell: Int32?
  }

  /// The process's alarm clock; its thread starts with the first sleeper.
  static let shared = AlarmClock()

  private let state = Mutex(State())
  /// A machine that was suspended is noticed after at most this many milliseconds.
  private static let longestWait = 10_000.0

  /// Sleeps for so many seconds of `uptime`.
  ///
  /// - Throws: `CancellationError` as soon as the surrounding task is cancelled.
  func sleep(seconds: Double) async throws {
    try Task.checkCancellation()
    guard ring() else {
      // Without a thread of our own the runtime's timers are better than none.
      try await Task.sleep(for: .seconds(max(0, seconds)), clock: .continuous)
      return
    }
    let wakes = SystemTime().uptime + max(0, seconds)
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isCancelled = state.withLock { state in
          if state.cancelled.remove(id) != nil { return true }
          state.sleepers[id] = Sleeper(wakes: wakes, continuation: continuation)
          return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) } else { ring() }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        if let sleeper = state.sleepers.removeValue(forKey: id) { return sleeper as Sleeper? }
        state.cancelled.insert(id)
        return nil
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
    state.withLock { _ = $0.cancelled.remove(id) }
  }

  /// Tells the thread to look again, and starts it where it does not run; false where it cannot.
  @discardableResult
  private func ring() -> Bool {
    state.withLock { state in
      if let bell = state.bell {
        eventfd_write(bell, 1)
        return true
      }
      let bell = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
      guard bell >= 0 else { return false }
      var thread = pthread_t()
      let clock = unsafe Unmanaged.passRetained(self)
      let status = unsafe cx_start_thread(
        &thread,
        "alarm-clock",
        { argument in
          if let argument = unsafe argument {
            unsafe Unmanaged<AlarmClock>.fromOpaque(argument).takeRetainedValue().run()
          }
          return nil
        },
        clock.toOpaque()
      )
      guard status == 0 else {
        unsafe clock.release()
        close(bell)
        return false
      }
      pthread_detach(thread)
      state.bell = bell
      return true
    }
  }

  /// The thread's whole life, which is the process's.
  private func run() {
    while true {
      let now = SystemTime().uptime
      let (due, next, bell) = state.withLock { state in
        let due = state.sleepers.filter { $0.value.wakes <= now }
        for id in due.keys { state.sleepers[id] = nil }
        return (
          due.values.map(\.continuation), state.sleepers.values.map(\.wakes).min(), state.bell
        )
      }
      for continuation in due { continuation.resume() }
      guard let bell else { continue }
      // Rounded up: to wake too early would be to look twice.
      let wait = next.map { (($0 - now) * 1000).rounded(.up) } ?? AlarmClock.longestWait
      var entry = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
      unsafe poll(&entry, 1, Int32(min(max(0, wait), AlarmClock.longestWait)))
      var count = eventfd_t()
      unsafe eventfd_read(bell, &count)
    }
  }
}

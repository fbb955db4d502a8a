private import Glibc

/// The agent's clocks, injected so that tests can hold and move them.
public protocol TimeSource: Sendable {
  /// The real-time clock in Unix seconds: it may step.
  var unixTime: Double { get }
  /// Seconds on a clock that never steps and goes on while the machine sleeps.
  var uptime: Double { get }
  /// Suspends for that many seconds of `uptime`.
  ///
  /// - Throws: `CancellationError` as soon as the surrounding task is cancelled.
  func sleep(seconds: Double) async throws
}

/// The machine's own clocks.
public struct SystemTime: TimeSource {
  /// The only state is the kernel's.
  public init() {}

  /// `CLOCK_REALTIME`.
  public var unixTime: Double { read(CLOCK_REALTIME) }

  /// `CLOCK_BOOTTIME`: a suspended laptop or virtual machine does not stretch a vendor's window.
  public var uptime: Double { read(CLOCK_BOOTTIME) }

  /// Sleeps until `uptime` is there.
  public func sleep(seconds: Double) async throws {
    try await AlarmClock.shared.sleep(seconds: seconds)
  }

  private func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

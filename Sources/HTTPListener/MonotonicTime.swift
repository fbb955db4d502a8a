#if canImport(Glibc)
import Glibc
#endif

/// Nanoseconds of the system's monotonic clock.
enum MonotonicTime {
  /// The time now.
  static func now() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// The time after that duration; what lies too far ahead is never.
  static func after(_ duration: Duration, from time: UInt64) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return time }
    guard seconds < 1_000_000_000 else { return .max }
    return time + UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
  }
}

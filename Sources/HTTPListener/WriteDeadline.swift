/// By when a peer must have taken some of an answer, and all of it.
struct WriteDeadline {
  private var unsentBytes = 0
  /// When the answer must be gone however steadily the peer takes it.
  private var end = UInt64.max

  /// An answer of so many bytes begins; returns by when some of it must be taken.
  mutating func begin(count: Int, limits: ListenerLimits, now: UInt64) -> UInt64 {
    let seconds = count / max(1, limits.minWriteRate)
    end = MonotonicTime.after(limits.writeStallTimeout + .seconds(seconds), from: now)
    return next(limits: limits, now: now)
  }

  /// The peer has taken something: it has time for the next bytes, but not beyond the answer's end.
  func next(limits: ListenerLimits, now: UInt64) -> UInt64 {
    min(MonotonicTime.after(limits.writeStallTimeout, from: now), end)
  }

  /// The peer takes nothing for now; so much lies in the kernel.
  mutating func isBlocked(unsentBytes: Int) {
    self.unsentBytes = unsentBytes
  }

  /// Whether the kernel has got rid of something since then, and the answer may take longer still.
  mutating func hasProgress(unsentBytes: Int, now: UInt64) -> Bool {
    guard unsentBytes < self.unsentBytes, now < end else { return false }
    self.unsentBytes = unsentBytes
    return true
  }
}

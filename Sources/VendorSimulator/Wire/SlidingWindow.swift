import Synchronization

/// Counts requests by key against limits whose windows slide.
final class SlidingWindow: Sendable {
  /// What is left after a request.
  struct Verdict {
    /// The limit that is exhausted; nil where the request is admitted.
    let exceeded: RequestLimit?
    /// Requests left in the tightest limit.
    let remaining: Int
    /// When a place in that limit becomes free, in Unix seconds.
    let resetTime: Double
  }

  let limits: [RequestLimit]
  private let countsRefused: Bool
  private let times = Mutex<[String: [Double]]>([:])

  /// Limits that all apply; `countsRefused` says whether a refused request takes a place too.
  init(limits: [RequestLimit], countsRefused: Bool) {
    self.limits = limits
    self.countsRefused = countsRefused
  }

  /// Judges a request and counts it.
  func admit(_ key: String, at now: Double) -> Verdict {
    guard let longest = limits.map(\.window).max() else {
      return Verdict(exceeded: nil, remaining: .max, resetTime: now)
    }
    return times.withLock { times in
      var seen = times[key, default: []]
      seen.removeAll { $0 <= now - longest }
      let exceeded = limits.first { limit in
        seen.count { $0 > now - limit.window } >= limit.requests
      }
      if exceeded == nil || countsRefused { seen.append(now) }
      times[key] = seen
      return verdict(exceeded: exceeded, seen: seen, now: now)
    }
  }

  private func verdict(exceeded: RequestLimit?, seen: [Double], now: Double) -> Verdict {
    let states = limits.map { limit in
      let within = seen.filter { $0 > now - limit.window }
      let remaining = max(0, limit.requests - within.count)
      // Room for one more comes when enough of the window's requests have left it.
      let leaving = max(0, within.count - limit.requests)
      let resetTime = within.indices.contains(leaving) ? within[leaving] + limit.window : now
      return (limit: limit, remaining: remaining, resetTime: resetTime)
    }
    let tightest =
      states.first { $0.limit == exceeded } ?? states.min { $0.remaining < $1.remaining }
    return Verdict(
      exceeded: exceeded,
      remaining: tightest?.remaining ?? 0,
      resetTime: tightest?.resetTime ?? now
    )
  }
}

/// How many requests a target's polls need, for the request budgets and for `check`.
public struct RequestPlan: Sendable, Equatable {
  /// Requests that recur together.
  public struct Entry: Sendable, Equatable {
    /// What is asked: `views and periods`, `charts`, `discovery`.
    public var what: String
    /// Requests each time.
    public var requests: Int
    /// Seconds between two times; nil for every poll.
    public var every: Double?

    /// Requests that recur with every poll, or at an interval of their own.
    public init(_ what: String, requests: Int, every: Double? = nil) {
      self.what = what
      self.requests = requests
      self.every = every
    }
  }

  /// What recurs.
  public var entries: [Entry]
  /// Whether the vendor has yet to say how many requests a poll needs.
  public var isEstimate: Bool

  /// A plan of those entries.
  public init(_ entries: [Entry], isEstimate: Bool = false) {
    self.entries = entries
    self.isEstimate = isEstimate
  }

  /// The most requests that one poll sends.
  public var requestsPerPoll: Int {
    entries.reduce(0) { $0 + $1.requests }
  }

  /// Requests on average in a window of so many seconds when polling every `interval` seconds.
  ///
  /// The budget evens out bursts, so what counts against a limit is the average.
  public func requests(in window: Double, interval: Double) -> Double {
    entries.reduce(0) { sum, entry in
      sum + Double(entry.requests) * window / max(entry.every ?? interval, interval)
    }
  }
}

/// At most so many requests in a sliding window.
public struct RateLimit: Sendable, Hashable {
  /// The most requests in a window.
  public let requests: Int
  /// The window's length in seconds.
  public let window: Double

  /// So many requests in so many seconds.
  public init(requests: Int, window: Double) {
    self.requests = requests
    self.window = window
  }
}

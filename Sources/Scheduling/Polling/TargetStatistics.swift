public import CollectorKit
import Synchronization

/// What a target's polls and requests came to: the source of its self metrics and its status.
public final class TargetStatistics: Sendable {
  /// The numbers at one moment.
  public struct Values: Sendable {
    /// Polls that ended.
    public var polls = 0
    /// Failed polls by reason; every reason is there.
    public var failures: [FailureReason: Int] = Dictionary(
      uniqueKeysWithValues: FailureReason.allCases.map { ($0, 0) }
    )
    /// Requests by status or transport failure.
    public var requests: [String: Int] = [:]
    /// Requests at or below each of `durationBounds`, not cumulative; the last is above them all.
    public var durationCounts = Array(repeating: 0, count: durationBounds.count + 1)
    /// Seconds of all requests.
    public var durationSum = 0.0
    /// Corrections that the ledger saw.
    public var corrections = 0
    /// Rows and fields left out.
    public var rowsSkipped = 0
    /// Series folded into `other`.
    public var seriesFolded = 0
    /// Unix seconds at which the last poll ended.
    public var lastPoll: Double?
    /// Unix seconds at which the last poll without a failure ended.
    public var lastSuccess: Double?
    /// Whether the last poll had no failure.
    public var lastPollSucceeded = false
    /// Seconds that the last poll took.
    public var lastDuration: Double?
    /// Unix seconds before which the target is not polled, while it backs off.
    public var backoffUntil: Double?
    /// Unix seconds at which the next poll is due.
    public var nextPoll: Double?
    /// The last poll's failure, if it had one.
    public var lastError: CollectionError?
  }

  /// The upper bounds of `cx_exporter_vendor_request_duration_seconds`.
  public static let durationBounds = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
  ]

  private let values = Mutex(Values())

  /// All numbers at 0.
  public init() {}

  /// A copy of the numbers.
  public var current: Values {
    values.withLock { $0 }
  }

  func requestEnded(code: String, seconds: Double) {
    let bounds = TargetStatistics.durationBounds
    let index = bounds.firstIndex { seconds <= $0 } ?? bounds.count
    values.withLock { values in
      values.requests[code, default: 0] += 1
      values.durationCounts[index] += 1
      values.durationSum += max(0, seconds)
    }
  }

  /// Takes a poll's end.
  ///
  /// - Parameters:
  ///   - failure: What failed in this poll.
  ///   - pending: What failed before and was not due in this poll: no failure of it, but the target
  ///     is not up either.
  ///   - seconds: How long it took.
  ///   - unixTime: When it ended.
  func pollEnded(
    failure: CollectionError?,
    pending: CollectionError? = nil,
    seconds: Double,
    unixTime: Double
  ) {
    values.withLock { values in
      values.polls += 1
      values.lastPoll = unixTime
      values.lastDuration = seconds
      values.lastError = failure ?? pending
      values.lastPollSucceeded = failure == nil && pending == nil
      if let failure {
        values.failures[failure.reason, default: 0] += 1
      } else if pending == nil {
        values.lastSuccess = unixTime
      }
    }
  }

  func recorded(corrections: Int, rowsSkipped: Int, seriesFolded: Int) {
    values.withLock { values in
      values.corrections += corrections
      values.rowsSkipped += rowsSkipped
      values.seriesFolded += seriesFolded
    }
  }

  func scheduled(nextPoll: Double, isBackoff: Bool) {
    values.withLock { values in
      values.nextPoll = nextPoll
      values.backoffUntil = isBackoff ? nextPoll : nil
    }
  }
}

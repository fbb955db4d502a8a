public import Exposition
public import Ledger

/// What one poll of a target brought, part by part.
///
/// A part is what one unit of the configuration asks for: a view and period, a chart and
/// department, an insight, a channel. Parts succeed and fail on their own: a failed part keeps its
/// last values until they are stale, a part that is no longer listed loses them at once.
public struct PollOutcome: Sendable {
  /// How one part ended.
  public enum Part: Sendable {
    /// Fresh values.
    case success(Values)
    /// The part's request failed.
    case failure(CollectionError)
    /// The poll ended before the part's turn, or the part was not due.
    case skipped
  }

  /// Fresh values of a part.
  public struct Values: Sendable {
    /// Gauges (and histograms) as they are, without the target's own labels.
    public var families: [MetricFamily]
    /// Period-to-date totals for the ledger, without the target's own labels.
    public var observations: [Observation]
    /// Fields and rows that could not be read and were left out.
    public var skipped: [String]
    /// Rows that were left out besides, for a table may have thousands of the same kind.
    public var rowsSkipped = 0
    /// Series that a row mapping folded into `other`.
    public var seriesFolded = 0
    /// What is doubtful though nothing failed, such as a mapping's column that no row has; told once.
    public var notes: [String] = []
    /// Why nothing of an answer could be read: the part fails though its request succeeded.
    public var failure: CollectionError?
    /// Seconds between two polls of the part, where it has an interval of its own.
    public var interval: Double?

    /// Values of a part, empty until they are added.
    public init(
      families: [MetricFamily] = [],
      observations: [Observation] = [],
      skipped: [String] = []
    ) {
      self.families = families
      self.observations = observations
      self.skipped = skipped
    }

    /// Takes what else the same part brought.
    public mutating func add(_ other: Values) {
      families += other.families
      observations += other.observations
      skipped += other.skipped
      rowsSkipped += other.rowsSkipped
      seriesFolded += other.seriesFolded
      notes += other.notes
      if failure == nil { failure = other.failure }
    }

    /// The values.
    ///
    /// - Throws: The `failure`, if there is one.
    public func checked() throws(CollectionError) -> Values {
      if let failure { throw failure }
      return self
    }
  }

  /// Every part of the poll in a stable order.
  public private(set) var parts: [(key: String, outcome: Part)] = []
  /// The failure after which nothing more was asked, or the first of any.
  public private(set) var failure: CollectionError?
  /// The failure of a part that was not due and whose last request failed.
  public private(set) var pending: CollectionError?
  private var hasEnded = false

  /// A poll that has asked for nothing yet.
  public init() {}

  /// All failures, in order.
  public var failures: [CollectionError] {
    parts.compactMap { part in
      if case .failure(let error) = part.outcome { error } else { nil }
    }
  }

  /// The names of the parts that brought values.
  public var successes: Set<String> {
    Set(
      parts.compactMap { part in
        if case .success = part.outcome { part.key } else { nil }
      }
    )
  }

  /// Lists a part that was not due: it keeps its values.
  ///
  /// - Parameters:
  ///   - key: The part's name.
  ///   - error: Why its last request failed, if it did: the target is not up before it succeeds.
  public mutating func keep(_ key: String, failing error: CollectionError? = nil) {
    parts.append((key, .skipped))
    if pending == nil { pending = error }
  }

  /// The same outcome with its values and failures changed.
  func mapped(values: (Values) -> Values, error: (CollectionError) -> CollectionError)
    -> PollOutcome
  {
    var result = self
    result.parts = parts.map { key, outcome in
      switch outcome {
      case .success(let brought): (key, .success(values(brought)))
      case .failure(let failure): (key, .failure(error(failure)))
      case .skipped: (key, .skipped)
      }
    }
    result.failure = failure.map(error)
    result.pending = pending.map(error)
    return result
  }

  /// Runs one part and keeps its outcome; skips it where an earlier failure ended the poll.
  ///
  /// - Throws: `CancellationError` where the poll itself was cancelled.
  public mutating func part(
    _ key: String,
    _ work: () async throws -> Values
  ) async throws {
    guard !hasEnded else {
      parts.append((key, .skipped))
      return
    }
    do {
      parts.append((key, .success(try await work().checked())))
    } catch let error as CollectionError {
      parts.append((key, .failure(error)))
      if failure == nil || error.endsPoll { failure = error }
      hasEnded = error.endsPoll
    }
  }
}

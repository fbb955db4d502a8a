/// A collector whose vendor can be asked about days that are over.
///
/// What it answers has the names, the labels and the meaning of what a poll would have brought at
/// the time that each sample names.
public protocol HistoryCollector: Collector {
  /// Where the vendor's days begin and end.
  var historyZone: Zone { get }

  /// Plans the requests for some days; it may ask the vendor what there is to be asked.
  ///
  /// - Parameters:
  ///   - days: Days of `historyZone`, all of them over.
  ///   - context: What the requests may use.
  /// - Returns: The requests, the oldest days first.
  /// - Throws: `CollectionError` or `CancellationError`.
  func history(
    of days: ClosedRange<CivilDate>,
    in context: CollectionContext
  ) async throws -> HistoryPlan
}

/// The requests that a span of history needs.
///
/// They are made one at a time when they are needed: years of days are many.
public struct HistoryPlan: Sendable {
  /// How many requests there are.
  public let count: Int
  /// The request at a place from 0.
  public let part: @Sendable (Int) -> HistoryPart
  /// What the vendor's history does not give, for people.
  public let notes: [String]

  /// A plan of so many requests.
  public init(
    count: Int,
    notes: [String] = [],
    part: @escaping @Sendable (Int) -> HistoryPart
  ) {
    self.count = count
    self.notes = notes
    self.part = part
  }
}

/// One request of a history, which succeeds or fails as a whole.
public struct HistoryPart: Sendable {
  /// What is asked, `all 2026-01-31`: the same in every run, so that an answer is found again.
  public let key: String
  /// Asks.
  ///
  /// - Throws: `CollectionError` or `CancellationError`.
  public let ask: @Sendable (CollectionContext) async throws -> HistoryValues

  /// A request with its key.
  public init(
    _ key: String,
    ask: @escaping @Sendable (CollectionContext) async throws -> HistoryValues
  ) {
    self.key = key
    self.ask = ask
  }
}

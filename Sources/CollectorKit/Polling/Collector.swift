public import Exposition
public import Logging

/// A vendor's code for one target: asks its endpoints and turns the answers into families.
public protocol Collector: Sendable {
  /// What the target's polls will ask of the vendor, as far as is known now.
  var plan: RequestPlan { get }

  /// Families that follow from the configuration alone, such as thresholds; served whatever the
  /// vendor says. Without the target's own labels.
  var configuredFamilies: [MetricFamily] { get }

  /// What the status page shows of the target, the most important first.
  var keyFigures: [KeyFigure] { get }

  /// The histograms whose totals the collector gives to the ledger.
  var histograms: [HistogramTotals] { get }

  /// The families that its configuration names: other targets must agree about their types and HELP.
  var namedFamilies: [ConfiguredFamily] { get }

  /// Polls once.
  ///
  /// The parts' failures are kept in the outcome; they never throw.
  ///
  /// - Throws: `CollectionError` where nothing at all could be asked, `CancellationError` where
  ///   the poll was cancelled.
  func collect(in context: CollectionContext) async throws -> PollOutcome
}

extension Collector {
  /// None, as with most vendors.
  public var histograms: [HistogramTotals] { [] }

  /// None, as with vendors without tables.
  public var namedFamilies: [ConfiguredFamily] { [] }
}

/// A collector whose vendor still knows a past day's totals when the day is over.
///
/// What comes between a day's last poll and its end is seen by nobody else.
public protocol DayClosing: Collector {
  /// Where the vendor's days begin and end.
  var dayZone: Zone { get }

  /// How many days before the running one every poll brings anyway: 1 where a poll covers
  /// yesterday and today.
  var dayOverlap: Int { get }

  /// Asks for the totals of a day that has ended.
  ///
  /// - Parameters:
  ///   - day: The day.
  ///   - parts: The names of the parts that an earlier attempt has brought; they are not asked for
  ///     again.
  ///   - context: What the requests may use.
  /// - Returns: An outcome whose parts hold observations for that day and no families.
  /// - Throws: As `collect(in:)` does.
  func closingTotals(
    of day: CivilDate,
    except parts: Set<String>,
    in context: CollectionContext
  ) async throws -> PollOutcome
}

/// What a poll may use.
public struct CollectionContext: Sendable {
  /// Sends the poll's requests.
  public let client: VendorClient
  /// The agent's clocks.
  public let time: any TimeSource
  /// A logger that names the target.
  public let log: Logger

  /// A context for one target's polls.
  public init(client: VendorClient, time: any TimeSource, log: Logger) {
    self.client = client
    self.time = time
    self.log = log
  }
}

import CollectorKit
import ConfigurationFile
import Exposition
import Ledger

/// How long sessions waited and were handled, and how many no agent took, from the rows of the closed
/// sessions.
struct ExperiaSessionHistograms: Sendable {
  /// From created to taken.
  let waiting: HistogramTotals
  /// From taken to ended.
  let handling: HistogramTotals

  /// Sessions that ended without an agent: the vendor has no `taken_date` for them.
  private static let untaken = CounterFamily(
    name: "experia_untaken_sessions_total",
    help: "Sessions closed that no agent had taken (taken_date is null)" + ExperiaField.cached
  )

  private static let waitingBounds = [5.0, 15, 30, 60, 120, 300, 600, 1800, 3600]
  private static let handlingBounds = [60.0, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400]
  /// More bounds than these make more series than anybody reads.
  private static let mostBounds = 50
  /// Channels beyond these are `other`.
  private static let mostChannels = 50

  /// The histograms with the bounds below `buckets`, or the default ones.
  init(_ section: Section?) {
    waiting = HistogramTotals(
      name: "experia_closed_session_waiting_seconds",
      help: "Time from creation until an agent took the session, of sessions closed "
        + "(taken_date - created_date)" + ExperiaField.cached,
      bounds: ExperiaSessionHistograms.bounds(section, "waiting") ?? Self.waitingBounds
    )
    handling = HistogramTotals(
      name: "experia_closed_session_handling_seconds",
      help: "Time from when an agent took the session until its end, of sessions closed "
        + "(ended_date - taken_date)" + ExperiaField.cached,
      bounds: ExperiaSessionHistograms.bounds(section, "handling") ?? Self.handlingBounds
    )
  }

  /// A list of ascending durations such as `[15s, 1m]`.
  private static func bounds(_ section: Section?, _ key: String) -> [Double]? {
    guard let section, let texts = section.strings(key) else { return nil }
    let bounds = texts.compactMap { ConfigurationDuration.parse($0)?.seconds }
    guard bounds.count == texts.count, !bounds.isEmpty, bounds.count <= mostBounds,
      bounds.allSatisfy({ $0 > 0 }), zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      section.report(
        "must be up to \(mostBounds) ascending durations such as [15s, 1m, 5m]",
        at: key
      )
      return nil
    }
    return bounds
  }

  /// The day's totals of every channel.
  ///
  /// A session that no agent took is in neither histogram and in a counter of its own. One whose
  /// times cannot be read, or run backwards, is left out and counted as skipped.
  ///
  /// - Parameters:
  ///   - table: A row a session.
  ///   - view: The label `view`.
  ///   - bucket: The day.
  /// - Returns: The observations, and what was left out.
  func values(of table: RowTable, view: String, bucket: Bucket) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    var channels: [String: Totals] = [:]
    var order: [String] = []
    var folded: Set<String> = []
    var row = 0
    // A row may leave out what is null; a table without any such column is not the documented one.
    let hasTaken = table.columns.contains { $0.lowercased() == "taken_date" }
    table.forEachRow(["type", "created_date", "taken_date", "ended_date"]) { values in
      row += 1
      let taken = values[2] == .missing && hasTaken ? .null : values[2]
      guard let session = Session(created: values[1], taken: taken, ended: values[3]) else {
        if result.skipped.isEmpty {
          result.skipped.append(
            "session \(row) has no created_date, taken_date and ended_date in this order"
          )
        } else {
          result.rowsSkipped += 1
        }
        return
      }
      var channel = values[0].labelText ?? ""
      if channels[channel] == nil {
        let isFull = order.count >= ExperiaSessionHistograms.mostChannels
        if isFull || Identifier.kind(of: channel) != nil || channel.utf8.count > 100 {
          if channel != RowMapping.other { folded.insert(channel) }
          channel = RowMapping.other
        }
        if channels[channel] == nil { order.append(channel) }
      }
      channels[channel, default: Totals(waiting.bounds, handling.bounds)].add(session)
    }
    result.seriesFolded = folded.count
    if row > 0, order.isEmpty {
      result.failure = CollectionError(
        .decode,
        endpoint: table.endpoint,
        "none of the \(row) sessions can be counted: \(result.skipped.first ?? "")"
      )
    }
    for channel in order {
      guard let totals = channels[channel] else { continue }
      var labels: LabelSet = ["view": view]
      if !channel.isEmpty { labels = labels.adding("channel", channel) }
      for (histogram, durations) in [(waiting, totals.waiting), (handling, totals.handling)] {
        result.observations += histogram.observations(
          counts: durations.counts,
          sum: Double(durations.microseconds) / 1e6,
          labels: labels,
          bucket: bucket
        )
      }
      result.observations.append(
        Observation(
          family: ExperiaSessionHistograms.untaken,
          labels: labels,
          bucket: bucket,
          value: Double(totals.untaken)
        )
      )
    }
    return result
  }

  /// A closed session's durations in microseconds, the vendor's own resolution.
  private enum Session {
    case taken(waiting: Int64, handling: Int64)
    case untaken

    /// No session lasts longer than a leap year: the end of time, 9999-12-31, stands for none.
    private static let longest: Int64 = 366 * 86_400 * 1_000_000

    /// Nil if a time of a taken session cannot be read, they run backwards or the session never ends.
    init?(created: RowValue, taken: RowValue, ended: RowValue) {
      if Session.isNoDate(taken) {
        self = .untaken
        return
      }
      guard let created = Session.microseconds(created), let taken = Session.microseconds(taken),
        let ended = Session.microseconds(ended), created <= taken, taken <= ended,
        ended - created <= Session.longest
      else { return nil }
      self = .taken(waiting: taken - created, handling: ended - taken)
    }

    /// `null`, an empty text, `-`, or the date that Go and MySQL write for none.
    private static func isNoDate(_ value: RowValue) -> Bool {
      guard case .text(let text) = value else { return value == .null }
      let bare = text.trimmingSpaces()
      return ["", "-"].contains(bare) || bare.hasPrefix("0001-01-01")
        || bare.hasPrefix("0000-00-00")
    }

    private static func microseconds(_ value: RowValue) -> Int64? {
      guard case .text(let text) = value, !isNoDate(value), let seconds = ISOTime.seconds(text)
      else { return nil }
      return Int64((seconds * 1e6).rounded())
    }
  }

  /// What a channel's sessions come to.
  private struct Totals {
    private(set) var waiting: Durations
    private(set) var handling: Durations
    private(set) var untaken = 0

    init(_ waitingBounds: [Double], _ handlingBounds: [Double]) {
      waiting = Durations(waitingBounds)
      handling = Durations(handlingBounds)
    }

    mutating func add(_ session: Session) {
      switch session {
      case .taken(let wait, let handled):
        waiting.add(wait)
        handling.add(handled)
      case .untaken: untaken += 1
      }
    }
  }

  /// Durations by bucket.
  ///
  /// The sum is whole microseconds: the order of the rows must not change it, for a total that is
  /// lower by a rounding error would be a correction.
  private struct Durations {
    private let bounds: [Double]
    private(set) var counts: [Int]
    private(set) var microseconds: Int64 = 0

    init(_ bounds: [Double]) {
      self.bounds = bounds
      counts = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func add(_ duration: Int64) {
      let seconds = Double(duration) / 1e6
      counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
      microseconds += duration
    }
  }
}

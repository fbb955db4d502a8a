import CollectorKit
import ConfigurationFile
import Exposition
import Ledger

/// How long sessions waited and were handled, from the rows of the closed sessions.
struct ExperiaSessionHistograms: Sendable {
  /// Taken behind created.
  let waiting: HistogramTotals
  /// Ended behind taken.
  let handling: HistogramTotals

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
  /// A session without one of its three times, or whose times run backwards, is left out of both
  /// histograms and counted.
  ///
  /// - Parameters:
  ///   - table: A row a session.
  ///   - view: The label `view`.
  ///   - bucket: The day.
  /// - Returns: The observations, and what was left out.
  func values(of table: RowTable, view: String, bucket: Bucket) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    var channels: [String: (waiting: Durations, handling: Durations)] = [:]
    var order: [String] = []
    var row = 0
    table.forEachRow(["type", "created_date", "taken_date", "ended_date"]) { values in
      row += 1
      guard let times = Times(created: values[1], taken: values[2], ended: values[3]) else {
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
          channel = RowMapping.other
        }
        if channels[channel] == nil { order.append(channel) }
      }
      channels[channel, default: (Durations(waiting.bounds), Durations(handling.bounds))]
        .waiting.add(times.waiting)
      channels[channel]?.handling.add(times.handling)
    }
    for channel in order {
      guard let durations = channels[channel] else { continue }
      var labels: LabelSet = ["view": view]
      if !channel.isEmpty { labels = labels.adding("channel", channel) }
      for (totals, durations) in [(waiting, durations.waiting), (handling, durations.handling)] {
        result.observations += totals.observations(
          counts: durations.counts,
          sum: Double(durations.microseconds) / 1e6,
          labels: labels,
          bucket: bucket
        )
      }
    }
    return result
  }

  /// A session's two durations in microseconds, the vendor's own resolution.
  private struct Times {
    let waiting: Int64
    let handling: Int64

    /// Nil where a time is missing or they run backwards.
    init?(created: RowValue, taken: RowValue, ended: RowValue) {
      guard let created = Times.microseconds(created), let taken = Times.microseconds(taken),
        let ended = Times.microseconds(ended), created <= taken, taken <= ended
      else { return nil }
      waiting = taken - created
      handling = ended - taken
    }

    private static func microseconds(_ value: RowValue) -> Int64? {
      guard case .text(let text) = value, let seconds = ISOTime.seconds(text) else { return nil }
      return Int64((seconds * 1e6).rounded())
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

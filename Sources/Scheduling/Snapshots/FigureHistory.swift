import CollectorKit
public import Exposition
import Synchronization

/// The last day of every key figure, in memory: filled by polls, read by the status page.
///
/// Bounded: at most `capacity` figures of 144 numbers of four bytes, shared out evenly among the
/// targets.
public final class FigureHistory: Sendable {
  /// One figure's course.
  public struct Line: Sendable {
    /// The gauge's family.
    public let family: String
    /// The sample's labels, the target's own included.
    public let labels: LabelSet
    /// `uptime` and value, the oldest first; the last is at the time of its poll.
    public let points: [(uptime: Double, value: Double)]
    /// Seconds for which a point was served where none came after it.
    public let staleAfter: Double
  }

  /// A target's figures and the time axis that they share.
  public struct Reading: Sendable {
    /// The `uptime` at which the axis begins: at most a day ago.
    public let start: Double
    /// Seconds between two neighbouring points, where every slot has one.
    public let step: Double
    /// The figures, in the order in which they were first seen.
    public let lines: [Line]
  }

  fileprivate struct Entry {
    let family: String
    let labels: LabelSet
    /// A number for each slot of the axis; NaN where no poll brought one.
    var values = Array(repeating: Float.nan, count: HistoryAxis.slots)
    var last: Double
    var staleAfter = 0.0
    /// Whether a poll of the target as it is configured now has brought it.
    var isCurrent = true
  }

  fileprivate struct State {
    var axis: HistoryAxis?
    var entries: [String: [Entry]] = [:]
    var count: Int { entries.values.reduce(0) { $0 + $1.count } }
  }

  /// The most figures that are kept.
  public static let capacity = 400
  /// The most figures of one target.
  static let mostOfTarget = 40

  private let state = Mutex(State())

  /// A history without figures.
  init() {}

  /// How many figures are kept.
  public var count: Int { state.withLock { $0.count } }

  /// Takes what a poll brought of a target's key figures.
  func record(
    _ figures: [KeyFigure],
    of target: String,
    in families: [MetricFamily],
    at uptime: Double,
    staleAfter: Double
  ) {
    guard !figures.isEmpty, !families.isEmpty else { return }
    state.withLock { state in
      state.advance(to: uptime)
      for figure in figures {
        for family in families where family.name == figure.family {
          for sample in family.samples where figure.matches(sample.labels) {
            state.put(sample, of: family.name, target: target, at: uptime, staleAfter)
          }
        }
      }
    }
  }

  /// A target was configured anew: a figure is shown again once a poll brings it, with its past.
  ///
  /// So what the new configuration no longer asks for is gone at once.
  func expectAnew(_ target: String) {
    state.withLock { state in
      for index in (state.entries[target] ?? []).indices {
        state.entries[target]?[index].isCurrent = false
      }
    }
  }

  /// Knows these targets from now on and forgets all others; their figures share the room.
  func keep(only targets: [String]) {
    state.withLock { state in
      var kept: [String: [Entry]] = [:]
      for name in targets { kept[name] = state.entries[name] ?? [] }
      state.entries = kept
      let share = state.share
      for name in kept.keys where (kept[name]?.count ?? 0) > share {
        state.entries[name] = kept[name].map { Array($0.prefix(share)) }
      }
    }
  }

  /// A target's figures.
  ///
  /// - Parameters:
  ///   - target: The target's name.
  ///   - uptime: Now; nothing older than a day is given.
  /// - Returns: The figures with their points, none for a target that has no history.
  public func read(_ target: String, at uptime: Double) -> Reading {
    let (axis, entries) = state.withLock { ($0.axis, $0.entries[target] ?? []) }
    guard let axis else { return Reading(start: uptime, step: 0, lines: []) }
    let start = max(axis.start, uptime - HistoryAxis.longest)
    let order = axis.order
    let lines = entries.compactMap { entry -> Line? in
      guard entry.isCurrent, entry.last >= start else { return nil }
      var points: [(uptime: Double, value: Double)] = []
      for slot in order where !entry.values[slot.index].isNaN && slot.uptime >= start {
        points.append((min(slot.uptime, entry.last), Double(entry.values[slot.index])))
      }
      // The last is as new as its poll, not as the middle of its slot.
      if let value = points.popLast()?.value { points.append((entry.last, value)) }
      return Line(
        family: entry.family,
        labels: entry.labels,
        points: points,
        staleAfter: entry.staleAfter
      )
    }
    return Reading(start: start, step: axis.width, lines: lines)
  }
}

extension FigureHistory.State {
  /// How many figures a target may have.
  fileprivate var share: Int {
    let even = FigureHistory.capacity / max(1, entries.count)
    return max(1, min(even, FigureHistory.mostOfTarget))
  }

  fileprivate mutating func advance(to uptime: Double) {
    var axis = axis ?? HistoryAxis(start: uptime)
    let change = axis.advance(to: uptime)
    self.axis = axis
    guard change != HistoryAxis.Change() else { return }
    for name in entries.keys {
      // What was not seen for a day makes room.
      entries[name]?.removeAll { $0.last < uptime - HistoryAxis.longest }
      for index in (entries[name] ?? []).indices {
        for _ in 0..<change.halvings { entries[name]?[index].halve() }
        for slot in change.cleared { entries[name]?[index].values[slot] = .nan }
      }
    }
  }

  fileprivate mutating func put(
    _ sample: Sample,
    of family: String,
    target: String,
    at uptime: Double,
    _ staleAfter: Double
  ) {
    // A target that was removed while it was polled has no place.
    let value = Float(sample.value)
    guard let axis, entries[target] != nil, value.isFinite else { return }
    guard let index = place(of: family, sample.labels, target: target, at: uptime) else { return }
    entries[target]?[index].values[axis.index] = value
    entries[target]?[index].last = uptime
    entries[target]?[index].staleAfter = staleAfter
    entries[target]?[index].isCurrent = true
  }

  /// The figure's index, found or made; nil where there is no room for it.
  private mutating func place(
    of family: String,
    _ labels: LabelSet,
    target: String,
    at uptime: Double
  ) -> Int? {
    let known = entries[target]?.firstIndex { $0.family == family && $0.labels == labels }
    if let known { return known }
    if (entries[target]?.count ?? 0) >= share || count >= FigureHistory.capacity {
      // What the configuration no longer asks for makes room.
      guard let old = entries[target]?.firstIndex(where: { !$0.isCurrent }) else { return nil }
      entries[target]?.remove(at: old)
    }
    entries[target]?.append(FigureHistory.Entry(family: family, labels: labels, last: uptime))
    return entries[target].map { $0.count - 1 }
  }
}

extension FigureHistory.Entry {
  /// Two neighbouring slots become one, with the later value that there is.
  fileprivate mutating func halve() {
    let half = HistoryAxis.slots / 2
    for slot in 0..<half {
      let later = values[2 * slot + 1]
      values[slot] = later.isNaN ? values[2 * slot] : later
    }
    for slot in half..<HistoryAxis.slots { values[slot] = .nan }
  }
}

import CollectorKit
import Exposition
import Scheduling

/// A target as the page shows it: its state in a word, and its key figures.
struct TargetOverview {
  /// What a target's state comes to.
  enum State {
    /// The last poll succeeded in full and its values are not stale.
    case up
    /// No poll has ended yet.
    case starting
    /// The last poll failed, at least in part; values are still served.
    case failing
    /// Nothing that a poll brought is served.
    case down
  }

  let status: TargetStatus
  let state: State
  let figures: [FigureOverview]
  /// Key figures that the history has no room for and that have no bound.
  let hiddenFigures: Int
  /// Seconds until the first served value turns stale; nil where none is served.
  let servedFor: Double?
  let series: Int
  /// The `uptime` at which the figures' history begins.
  let historyStart: Double
  /// Seconds between two points of the history, where every poll brought one.
  let historyStep: Double

  var name: String { status.settings.name }

  /// What is known of a target now.
  init(_ target: ScheduledTarget, _ status: TargetStatus, _ store: SnapshotStore, uptime: Double) {
    self.status = status
    let served = store.polled(status.settings.name, at: uptime)
    servedFor = served.validUntil.isFinite ? served.validUntil - uptime : nil
    state =
      if status.values.polls == 0 { .starting } else if status.isUp { .up } else {
        servedFor == nil ? .down : .failing
      }
    series = store.seriesCount(of: status.settings.name, at: uptime)
    let history = store.history.read(status.settings.name, at: uptime)
    historyStart = history.start
    historyStep = history.step
    let all = TargetOverview.figures(target.collector, served.families, history.lines)
    figures = TargetOverview.grouped(all.filter { $0.limit != nil || $0.line != nil })
    hiddenFigures = all.count - figures.count
  }

  /// The figures of one view and period, or of one department, side by side.
  private static func grouped(_ figures: [FigureOverview]) -> [FigureOverview] {
    var order: [[String]] = []
    var groups: [[String]: [FigureOverview]] = [:]
    for figure in figures {
      let key = figure.qualifiers
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(figure)
    }
    return order.flatMap { groups[$0] ?? [] }
  }

  /// The figures with a value, and those that had one within the last day.
  private static func figures(
    _ collector: any Collector,
    _ families: [MetricFamily],
    _ lines: [FigureHistory.Line]
  ) -> [FigureOverview] {
    let configured = collector.configuredFamilies
    var result: [FigureOverview] = []
    for figure in collector.keyFigures {
      var known = lines.filter { $0.family == figure.family && figure.matches($0.labels) }
      for family in families where family.name == figure.family {
        for sample in family.samples where figure.matches(sample.labels) {
          let place = known.firstIndex { $0.labels == sample.labels }
          result.append(
            FigureOverview(
              figure: figure,
              labels: sample.labels,
              value: sample.value,
              limit: figure.limit(for: sample.labels, in: configured),
              line: place.map { known.remove(at: $0) }
            )
          )
        }
      }
      result += known.map { line in
        FigureOverview(
          figure: figure,
          labels: line.labels,
          value: nil,
          limit: figure.limit(for: line.labels, in: configured),
          line: line
        )
      }
    }
    return result
  }
}

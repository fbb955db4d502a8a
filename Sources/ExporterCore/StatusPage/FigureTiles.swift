import CollectorKit
import Scheduling

/// The tiles: a figure's name, where it belongs, its value, its bound and its last day.
struct FigureTiles {
  let clock: PageClock
  let uptime: Double

  /// The service levels of all targets, and how many of them are missed.
  func serviceLevels(_ targets: [TargetOverview]) -> HTML {
    let all = targets.flatMap(\.figures).filter { $0.limit != nil }
    guard !all.isEmpty else { return .empty }
    let missed = all.filter { $0.isMissed == true }.count
    let kept = all.filter { $0.isMissed == false }.count
    let unknown = all.count - missed - kept
    let words =
      [(missed, "missed"), (kept, "kept"), (unknown, "without a value")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return """
      <section aria-labelledby="levels">
      <h2 id="levels">Service levels <small>\(words)</small></h2>
      \(HTML.lines(targets.compactMap { group($0, $0.figures.filter { $0.limit != nil }, level) }))
      </section>

      """
  }

  /// The other key figures, target by target.
  func keyFigures(_ targets: [TargetOverview]) -> HTML {
    let groups = targets.compactMap { target in
      group(target, target.figures.filter { $0.limit == nil }) { figure, target in
        tile(figure, of: target, verdict: .empty, mood: "")
      }
    }
    guard !groups.isEmpty else { return .empty }
    let hidden = targets.reduce(0) { $0 + $1.hiddenFigures }
    let rest: HTML =
      hidden == 0
      ? .empty
      : """
      <p class="soft">\(Wording.count(hidden, "more figure")) without a drawing: see the metrics.</p>
      """
    return """
      <section aria-labelledby="figures">
      <h2 id="figures">Key figures <small>\(window(targets))</small></h2>
      \(HTML.lines(groups))
      \(rest)
      </section>

      """
  }

  /// What time the drawings cover.
  private func window(_ targets: [TargetOverview]) -> String {
    "the last " + window(since: targets.map(\.historyStart).min() ?? uptime)
  }

  /// A whole day is told in hours: `1 d` would be read as a date.
  private func window(since start: Double) -> String {
    let seconds = uptime - start
    return seconds >= 86_399 ? "24 h" : Wording.duration(seconds)
  }

  private func group(
    _ target: TargetOverview,
    _ figures: [FigureOverview],
    _ tile: (FigureOverview, TargetOverview) -> HTML
  ) -> HTML? {
    guard !figures.isEmpty else { return nil }
    return """
      <h3><bdi>\(target.name)</bdi> <small>\(target.status.settings.vendor)</small></h3>
      <ul class="tiles">
      \(HTML.lines(figures.map { tile($0, target) }))
      </ul>
      """
  }

  private func level(_ figure: FigureOverview, _ target: TargetOverview) -> HTML {
    let wanted = figure.wanted ?? ""
    let verdict: HTML
    let mood: String
    switch figure.isMissed {
    case true:
      (verdict, mood) = (
        "<strong class=\"bad\"><i aria-hidden=\"true\">✕</i> missed</strong>", "bad"
      )
    case false:
      (verdict, mood) = (
        "<strong class=\"good\"><i aria-hidden=\"true\">✓</i> kept</strong>", "good"
      )
    default:
      (verdict, mood) = (
        "<strong class=\"wait\"><i aria-hidden=\"true\">–</i> no value</strong>", "wait"
      )
    }
    return tile(
      figure,
      of: target,
      verdict: "<p class=\"verdict\">\(verdict) <span>\(wanted)</span></p>",
      mood: mood
    )
  }

  private func tile(
    _ figure: FigureOverview,
    of target: TargetOverview,
    verdict: HTML,
    mood: String
  ) -> HTML {
    let place = figure.qualifiers.map { HTML("<bdi>\($0)</bdi>") }
    let line = figure.line
    return """
      <li class="tile \(mood)"><p class="name"><bdi>\(figure.title)</bdi></p>\
      <p class="place">\(joined(place))</p>\
      <p class="value">\(figure.shown)</p>\(verdict)\
      \(line.map { drawing($0, figure, target) } ?? .empty)</li>
      """
  }

  private func joined(_ parts: [HTML]) -> HTML {
    parts.dropFirst().reduce(parts.first ?? .empty) { "\($0) · \($1)" }
  }

  private func drawing(
    _ line: FigureHistory.Line,
    _ figure: FigureOverview,
    _ target: TargetOverview
  ) -> HTML {
    let values = line.points.map(\.value)
    let unit = figure.figure.unit
    let low = Wording.rough(values.min() ?? 0, unit)
    let high = Wording.rough(values.max() ?? 0, unit)
    let window = window(since: target.historyStart)
    let sparkline = Sparkline(
      points: line.points,
      start: target.historyStart,
      now: uptime,
      bound: figure.limit,
      gap: line.staleAfter + target.historyStep,
      title: "\(figure.title), the last \(window): lowest \(low), highest \(high), "
        + "now \(figure.shown)"
    )
    let range: HTML = "<span>\(low == high ? low : "\(low) – \(high)")</span>"
    let last: HTML
    if figure.value == nil, let seen = line.points.last?.uptime {
      last = "<span>last value \(clock.ago(clock.now - (uptime - seen)))</span>"
    } else {
      last = "<span>\(window)</span>"
    }
    return "\(sparkline.html)<p class=\"range\">\(range)\(last)</p>"
  }
}

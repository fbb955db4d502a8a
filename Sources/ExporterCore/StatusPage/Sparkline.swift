import CollectorKit
import Scheduling

/// A figure's last day as a small drawing: inline SVG whose looks come from the style sheet alone.
struct Sparkline {
  let points: [(uptime: Double, value: Double)]
  /// The `uptime` at the left edge and at the right one.
  let start: Double
  let now: Double
  /// Where the value should not go beyond; drawn as a dashed line.
  let bound: Double?
  /// Seconds for which a value is served: points further apart are not joined.
  let gap: Double
  /// What the drawing shows, for those who do not see it.
  let title: String

  /// Units of the drawing; it is stretched to its place, so these only set its fineness.
  private static let width = 288.0
  private static let height = 100.0
  private static let margin = 6.0

  /// The drawing; nothing where there are no points.
  var html: HTML {
    guard !points.isEmpty else { return .empty }
    let scale = scale
    var line = ""
    var area = ""
    for run in runs {
      let path = Sparkline.path(run, scale)
      line += path.line
      area += path.area
    }
    let goal = bound.map { HTML("<path class=\"goal\" d=\"M0 \(scale.y($0))h288\"/>") } ?? .empty
    let last = points[points.count - 1]
    return """
      <svg class="spark" role="img" viewBox="0 0 288 100" preserveAspectRatio="none">\
      <title>\(title)</title><path class="area" d="\(area)"/>\(goal)\
      <path class="line" d="\(line)"/>\
      <path class="dot" d="M\(scale.x(last.uptime)) \(scale.y(last.value))h0"/></svg>
      """
  }

  /// From time and value to the drawing's units.
  private struct Scale {
    let start: Double
    let span: Double
    let low: Double
    let high: Double

    func x(_ uptime: Double) -> Int {
      let share = max(0, min((uptime - start) / span, 1))
      return Int((share * Sparkline.width).rounded())
    }

    func y(_ value: Double) -> Int {
      let share = (value - low) / (high - low)
      let height = Sparkline.height - 2 * Sparkline.margin
      return Int((Sparkline.height - Sparkline.margin - share * height).rounded())
    }
  }

  private var scale: Scale {
    let values = points.map(\.value) + (bound.map { [$0] } ?? [])
    var low = values.min() ?? 0
    var high = values.max() ?? 0
    if high - low <= max(abs(high), abs(low)) * 1e-6 {
      // A flat line runs through the middle.
      let room = max(abs(high) * 0.05, 1e-9)
      low -= room
      high += room
    }
    return Scale(start: start, span: max(now - start, 1), low: low, high: high)
  }

  /// The points that belong together: between two runs nothing was served.
  private var runs: [ArraySlice<(uptime: Double, value: Double)>] {
    var runs: [ArraySlice<(uptime: Double, value: Double)>] = []
    var first = 0
    for index in points.indices.dropFirst()
    where points[index].uptime - points[index - 1].uptime > gap {
      runs.append(points[first..<index])
      first = index
    }
    runs.append(points[first...])
    return runs
  }

  /// Relative steps of whole units: a day takes about half a kilobyte.
  private static func path(
    _ run: ArraySlice<(uptime: Double, value: Double)>,
    _ scale: Scale
  ) -> (line: String, area: String) {
    var steps = ""
    var at: (x: Int, y: Int)?
    var origin = (x: 0, y: 0)
    for point in run {
      let next = (x: scale.x(point.uptime), y: scale.y(point.value))
      if let at {
        let step = (x: next.x - at.x, y: next.y - at.y)
        if step == (0, 0) { continue }
        steps += "l\(step.x)\(step.y < 0 ? "" : " ")\(step.y)"
      } else {
        origin = next
      }
      at = next
    }
    let line = "M\(origin.x) \(origin.y)" + (steps.isEmpty ? "h0" : steps)
    return (line, "\(line)V100H\(origin.x)z")
  }
}

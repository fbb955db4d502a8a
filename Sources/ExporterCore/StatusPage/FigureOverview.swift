import CollectorKit
import Exposition
import Scheduling

/// A key figure's sample as the page shows it.
struct FigureOverview {
  let figure: KeyFigure
  let labels: LabelSet
  /// The value that is served; nil where it is stale.
  let value: Double?
  /// What the configuration wants, where it does.
  let limit: Double?
  /// The last day, where the history has it.
  let line: FigureHistory.Line?

  /// The most of a vendor's text that is shown.
  private static let longestTitle = 120

  /// The figure's name, perhaps in the vendor's words.
  var title: String {
    let given = figure.titleLabel.flatMap { labels[$0] } ?? ""
    return HTMLText.clipped(given.isEmpty ? figure.title : given, to: FigureOverview.longestTitle)
  }

  /// What tells this sample from the family's others: `all`, `daily`.
  var qualifiers: [String] {
    figure.qualifiers.compactMap { labels[$0] }.filter { !$0.isEmpty }
      .map { HTMLText.clipped($0, to: FigureOverview.longestTitle) }
  }

  /// Whether the value is beyond its bound; nil where there is no value or no bound.
  var isMissed: Bool? {
    guard let value, let limit, let bound = figure.bound else { return nil }
    return switch bound.direction {
    case .atLeast: value < limit
    case .atMost: value > limit
    }
  }

  /// `at least 90%`.
  var wanted: String? {
    guard let limit, let bound = figure.bound else { return nil }
    let text = Wording.value(limit, figure.unit, places: 3)
    return switch bound.direction {
    case .atLeast: "at least \(text)"
    case .atMost: "at most \(text)"
    }
  }

  /// The value for people.
  var shown: String {
    guard let value else { return "no value" }
    guard let limit else { return Wording.value(value, figure.unit) }
    return Wording.pair(value, limit, figure.unit).value
  }
}

import CollectorKit
import ConfigurationFile

/// A dashboard's widget, whose rows become families.
struct KoreWidget: Sendable {
  /// One of the vendor's `customFilters`.
  struct Filter: Sendable, Encodable {
    let filterSource: String
    let fieldName: String
    let values: [String]
  }

  let dashboard: String
  let widget: String
  /// How many days are asked for, today included.
  let days: Int
  /// Filters make the request a POST.
  let filters: [Filter]
  /// The most rows that are taken; the vendor hands out 50 at once.
  let maximumRows: Int
  /// Seconds between two requests; nil for every poll.
  let interval: Double?
  let mappings: [RowMapping]

  /// The vendor takes no more filters in a request.
  private static let maximumFilters = 5
  /// The vendor's longest range, in days.
  private static let maximumDays = 90
  private static let day = Duration.seconds(86_400)

  /// What parts and messages call it.
  var name: String { "\(dashboard)/\(widget)" }

  /// Whether a mapping is a counter, made of the day's totals.
  var hasCounter: Bool { mappings.contains { $0.kind == .counter } }

  /// Reads a widget; nil where an error was recorded.
  ///
  /// - Parameters:
  ///   - section: The widget's keys.
  ///   - labels: The target's static labels.
  ///   - names: The target's mapped families so far.
  init?(_ section: Section, labels: Set<String>, _ names: inout MappedNames) {
    let dashboard = section.requiredString("dashboard")
    let widget = section.requiredString("widget")
    let range =
      section.duration("range", in: KoreWidget.day...(KoreWidget.day * KoreWidget.maximumDays))
      ?? KoreWidget.day
    filters = KoreWidget.filters(section)
    interval = section.duration("interval", in: .seconds(1)...(KoreWidget.day * 7))?.seconds
    maximumRows = section.integer("max_rows", in: 1...10_000) ?? 500
    if !section.has("mappings") { section.require("mapping") }
    mappings = RowMapping.all(section, prefix: "kore", reserved: labels)
    section.finish()

    for (key, name) in [("dashboard", dashboard), ("widget", widget)]
    where name == "." || name == ".." {
      section.report("cannot be a part of a path", at: key)
    }
    if range.components.seconds % 86_400 != 0 {
      section.report("must be whole days, such as 1d or 7d", at: "range")
    }
    for mapping in mappings where mapping.metric.hasPrefix("kore_engagement_") {
      section.report(
        "\"\(mapping.metric)\" is among the exporter's own names",
        at: section.has("mappings") ? "mappings" : "mapping"
      )
    }
    names.claim(mappings, section)
    guard let dashboard, let widget, !mappings.isEmpty else { return nil }
    self.dashboard = dashboard
    self.widget = widget
    days = Int(range.components.seconds / 86_400)
    if hasCounter, days > 1 {
      section.report("a counter is made of one day's totals: leave range at 1d", at: "range")
    }
  }

  /// A widget that is asked for once, with its rows of today.
  init(exploring widget: String, dashboard: String) {
    self.dashboard = dashboard
    self.widget = widget
    days = 1
    filters = []
    maximumRows = 10_000
    interval = nil
    mappings = []
  }

  private static func filters(_ section: Section) -> [Filter] {
    let entries = section.sections("filters") ?? []
    if entries.count > maximumFilters {
      section.report(
        "has \(entries.count) filters; the vendor takes at most \(maximumFilters)",
        at: "filters"
      )
    }
    return entries.compactMap { entry in
      let source = entry.requiredString("filterSource")
      let field = entry.requiredString("fieldName")
      entry.require("values")
      let values = entry.strings("values")
      if let values, values.isEmpty { entry.report("is empty", at: "values") }
      entry.finish()
      guard let source, let field, let values else { return nil }
      return Filter(filterSource: source, fieldName: field, values: values)
    }
  }
}

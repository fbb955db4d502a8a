import CollectorKit
import ConfigurationFile

/// A dashboard's widget, whose rows become a family.
struct KoreWidget: Sendable {
  /// One of the vendor's `customFilters`.
  struct Filter: Sendable {
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
  let mapping: RowMapping

  /// The vendor takes no more filters in a request.
  private static let maximumFilters = 5
  /// The vendor's longest range, in days.
  private static let maximumDays = 90
  private static let day = Duration.seconds(86_400)

  /// Reads a widget; nil where an error was recorded.
  init?(_ section: Section) {
    let dashboard = section.requiredString("dashboard")
    let widget = section.requiredString("widget")
    let range =
      section.duration("range", in: KoreWidget.day...(KoreWidget.day * KoreWidget.maximumDays))
      ?? KoreWidget.day
    filters = KoreWidget.filters(section)
    section.require("mapping")
    let mapping = section.section("mapping").flatMap { RowMapping($0, prefix: "kore") }
    section.finish()

    if range.components.seconds % 86_400 != 0 {
      section.report("must be whole days, such as 1d or 7d", at: "range")
    }
    if let mapping, mapping.metric.hasPrefix("kore_engagement_") {
      section.report("\"\(mapping.metric)\" is among the exporter's own names", at: "mapping")
    }
    guard let dashboard, let widget, let mapping else { return nil }
    self.dashboard = dashboard
    self.widget = widget
    self.mapping = mapping
    days = Int(range.components.seconds / 86_400)
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

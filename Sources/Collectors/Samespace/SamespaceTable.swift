import CollectorKit
import ConfigurationFile

/// How the rows of an insight or a report are asked for, and the families that they become.
struct SamespaceTable: Sendable {
  /// Rows that are asked for at once.
  let limit: Int
  /// The most rows that are taken.
  let maximumRows: Int
  /// The metric by which the vendor sorts.
  let sortID: String?
  /// 1 for ascending, -1 for descending.
  let sortOrder: Int?
  /// Seconds between two requests; nil for every poll.
  let interval: Double?
  let mappings: [RowMapping]

  /// Whether a mapping is a counter, made of a day's totals.
  var hasCounter: Bool { mappings.contains { $0.kind == .counter } }

  /// Reads the keys of a table; nil where an error was recorded.
  ///
  /// - Parameters:
  ///   - section: The insight's or report's keys.
  ///   - labels: The target's static labels.
  ///   - names: The target's mapped families so far.
  init?(_ section: Section, labels: Set<String>, _ names: inout MappedNames) {
    limit = section.integer("limit", in: 1...1_000_000) ?? 1000
    maximumRows = section.integer("max_rows", in: 1...1_000_000) ?? max(10_000, limit)
    let week = Duration.seconds(86_400 * 7)
    interval = section.duration("interval", in: .seconds(1)...week)?.seconds
    sortID = section.has("sort_id") ? section.requiredString("sort_id") : nil
    sortOrder = section.integer("sort_order", in: -1...1)
    if sortOrder == 0 { section.report("must be 1 or -1", at: "sort_order") }
    if sortID == nil, section.has("sort_order") {
      section.report("has no effect without sort_id", at: "sort_order")
    }
    if !section.has("mappings") { section.require("mapping") }
    mappings = RowMapping.all(section, prefix: "samespace", reserved: labels)
    names.claim(mappings, section)
    for mapping in mappings where SamespaceFamilies.genericNames.contains(mapping.metric) {
      section.report(
        "\"\(mapping.metric)\" is the generic family's name; choose another",
        at: section.has("mappings") ? "mappings" : "mapping"
      )
    }
    guard !mappings.isEmpty else { return nil }
  }

  /// A table that is asked for once.
  init() {
    limit = 1000
    maximumRows = 10_000
    interval = nil
    sortID = nil
    sortOrder = nil
    mappings = []
  }
}

import CollectorKit
import ConfigurationFile

/// The families that a target's mappings make: each stands in one place only.
///
/// Two tables with one family would make the same series twice.
struct MappedNames {
  /// The metrics by their families' names in OpenMetrics.
  private var metrics: [String: String] = [:]

  /// Whether a family with that name in OpenMetrics is made of a table.
  func contains(_ familyName: String) -> Bool { metrics[familyName] != nil }

  /// Takes the mappings of one table; an error is recorded for a name that is taken.
  mutating func claim(_ mappings: [RowMapping], _ section: Section) {
    for mapping in mappings {
      guard let taken = metrics[mapping.familyName] else { continue }
      section.report(
        taken == mapping.metric
          ? "\"\(taken)\" is made of another table already; choose another"
          : "\"\(mapping.metric)\" and \"\(taken)\" are one name in OpenMetrics; rename one of them",
        at: section.has("mappings") ? "mappings" : "mapping"
      )
    }
    for mapping in mappings { metrics[mapping.familyName] = mapping.metric }
  }
}

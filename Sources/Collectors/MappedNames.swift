import CollectorKit
import ConfigurationFile

/// The families that a target's mappings make: each stands in one place only.
///
/// Two tables with one family would make the same series twice.
struct MappedNames {
  private var names: Set<String> = []

  /// Whether a family of that name is made of a table.
  func contains(_ name: String) -> Bool { names.contains(name) }

  /// The name that is one with a mapping's in OpenMetrics, where a counter's has no `_total`.
  static func sibling(of mapping: RowMapping) -> String {
    mapping.kind == .counter
      ? String(mapping.metric.dropLast("_total".count)) : mapping.metric + "_total"
  }

  /// Takes the mappings of one table; an error is recorded for a name that is taken.
  mutating func claim(_ mappings: [RowMapping], _ section: Section) {
    let key = section.has("mappings") ? "mappings" : "mapping"
    for mapping in mappings {
      let name = mapping.metric
      let sibling = MappedNames.sibling(of: mapping)
      if names.contains(name) {
        section.report("\"\(name)\" is made of another table already; choose another", at: key)
      } else if names.contains(sibling) {
        section.report(
          "\"\(name)\" and \"\(sibling)\" are one name in OpenMetrics; rename one of them",
          at: key
        )
      }
    }
    names.formUnion(mappings.map(\.metric))
  }
}

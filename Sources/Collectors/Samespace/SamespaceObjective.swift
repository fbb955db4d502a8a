import CollectorKit
import ConfigurationFile

/// The service level that an insight is to keep: a bound of its value.
struct SamespaceObjective: Sendable {
  /// On which side of the bound the value is to stay: the label `bound`.
  enum Bound: String, CaseIterable, Sendable {
    case atLeast = "at_least"
    case atMost = "at_most"
  }

  let bound: Bound
  /// In the unit of the value that is exported.
  let limit: Double

  /// Reads `objective: {at_least: N}` or `{at_most: N}`; nil where an error was recorded.
  init?(_ section: Section) {
    let bounds = Bound.allCases.filter { section.has($0.rawValue) }
    let limits = bounds.map { section.number($0.rawValue, in: -1e18...1e18) }
    section.finish()
    guard bounds.count == 1 else {
      section.report(
        "give at_least or at_most, one of the two",
        at: bounds.first?.rawValue ?? Bound.atLeast.rawValue
      )
      return nil
    }
    guard let bound = bounds.first, case let limit?? = limits.first else { return nil }
    self.bound = bound
    self.limit = limit
  }
}

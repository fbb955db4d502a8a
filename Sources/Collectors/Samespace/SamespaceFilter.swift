import CollectorKit
import ConfigurationFile

/// One of the vendor's `FilterInput`: a metric, an operation, and what to compare with (vendor page,
/// "Get Report Data").
struct SamespaceFilter: Sendable, Encodable, Equatable {
  /// What kind of metric it is.
  enum Kind: String, Sendable, CaseIterable, Encodable {
    case attribute = "ATTRIBUTE"
    case measure = "MEASURE"
  }

  let metricId: String
  /// `nin` is the only one that the vendor's page shows: any word is passed on.
  let operation: String
  let type: Kind
  /// An attribute's values.
  let values: [String]?
  /// A measure's value.
  let value: Double?

  /// Reads `filters`.
  static func all(_ section: Section) -> [SamespaceFilter] {
    (section.sections("filters") ?? []).compactMap(SamespaceFilter.init)
  }

  private init?(_ section: Section) {
    let metricID = section.requiredString("metricId")
    let operation = section.requiredString("operation")
    let given = section.choice("type", as: Kind.self)
    let kind = given ?? .attribute
    let values = section.strings("values")
    let value = section.number("value", in: -1e18...1e18)
    switch kind {
    // What belongs to a type that is none cannot be told.
    case .attribute where given == nil && section.has("type"): break
    case .attribute:
      section.require("values")
      if section.has("value") {
        section.report("is for the type MEASURE; an ATTRIBUTE has values", at: "value")
      }
    case .measure:
      section.require("value")
      if section.has("values") {
        section.report("is for the type ATTRIBUTE; a MEASURE has value", at: "values")
      }
    }
    section.finish()
    guard let metricID, let operation else { return nil }
    metricId = metricID
    self.operation = operation
    type = kind
    self.values = kind == .attribute ? values : nil
    self.value = kind == .measure ? value : nil
  }
}

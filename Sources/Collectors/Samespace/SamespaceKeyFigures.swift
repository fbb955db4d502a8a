import CollectorKit

/// Samespace's figures are what the dashboards' owners made them; each STAT is one.
enum SamespaceKeyFigures {
  /// The generic family, and the gauges that the configuration gives insights.
  static func all(_ configuration: SamespaceConfiguration) -> [KeyFigure] {
    var families = configuration.dashboards.flatMap(\.families.values)
      .filter { $0.kind == .gauge }.map(\.metric)
    families = Set(families).sorted()
    return families.map { figure($0, unit: unit(of: $0)) }
      + [figure(SamespaceFamilies.genericNames[0], unit: .number)]
  }

  private static func figure(_ family: String, unit: KeyFigure.Unit) -> KeyFigure {
    KeyFigure(
      family,
      family: family,
      unit: unit,
      titleLabel: "title",
      qualifiers: ["time_range"]
    )
  }

  /// A family that is named by the rules ends in its unit.
  private static func unit(of family: String) -> KeyFigure.Unit {
    if family.hasSuffix("_seconds") { return .seconds }
    return family.hasSuffix("_ratio") ? .ratio : .number
  }
}

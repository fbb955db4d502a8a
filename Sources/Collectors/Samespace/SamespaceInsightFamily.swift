import CollectorKit
import ConfigurationFile

/// The family of its own that the configuration gives an insight.
struct SamespaceInsightFamily: Sendable {
  /// The full name.
  let metric: String
  /// The HELP as configured.
  let help: String
  /// A factor for the vendor's value.
  let scale: Double
  /// Gauge, or a day-to-date total that goes through the ledger.
  let kind: RowMapping.Kind

  /// Reads an insight's section; nil where an error was recorded.
  ///
  /// - Parameters:
  ///   - section: The insight's settings.
  ///   - timeRange: The dashboard's configured time range.
  ///   - known: The target's families so far.
  init?(_ section: Section, timeRange: String?, _ known: inout Registry) {
    let metric = section.requiredString("metric")
    let help = section.requiredString("help")
    let scale = section.number("scale", in: -1e18...1e18) ?? 1
    let unit = section.string("unit")
    let kind = section.choice("type", as: RowMapping.Kind.self) ?? .gauge
    section.finish()
    guard let metric, let help,
      section.acceptsMetric(metric, prefix: "samespace", kind: kind)
    else { return nil }
    if let unit { SamespaceInsightFamily.check(unit, of: metric, section) }
    if scale == 0 { section.report("would make every value 0", at: "scale") }
    if kind == .counter {
      if section.has("objective") {
        section.report("a counter only rises; give it to an insight of type gauge", at: "objective")
      }
      if scale < 0 { section.report("a counter cannot be scaled to below 0", at: "scale") }
      if let timeRange, timeRange.hasPrefix("PAST_") {
        section.warn(
          "a counter is made of a total that starts again each day; \(timeRange) slides",
          at: "type"
        )
      }
    }
    self.metric = metric
    self.help = help
    self.scale = scale
    self.kind = kind
    guard known.accepts(self, section) else { return nil }
  }

  /// OpenMetrics wants the unit at the end of the name, before a counter's `_total`.
  private static func check(_ unit: String, of metric: String, _ section: Section) {
    let bare = metric.hasSuffix("_total") ? String(metric.dropLast(6)) : metric
    if unit.isEmpty || !bare.hasSuffix("_" + unit) {
      section.report(
        "the metric's name must end in its unit, \"_\(ErrorEnvelope.printable(unit))\"",
        at: "unit"
      )
    }
  }

  /// The vendor's value in the family's unit.
  ///
  /// For a power of ten the decimal point is moved in the decimal text: 92.3 by 0.01 is 0.923, where
  /// a multiplication gives 0.9229999999999999.
  func scaled(_ value: Double) -> Double {
    if let exponent = (1...9).first(where: { Double("1e-\($0)") == scale }),
      let moved = Double("\(value)e-\(exponent)")
    {
      return moved
    }
    return value * scale
  }

  /// The families that a target's insights are given: several may share one, none may clash.
  struct Registry {
    private var families: [String: SamespaceInsightFamily] = [:]

    /// Whether the family can stand beside the others; an error was recorded where it cannot.
    fileprivate mutating func accepts(_ family: SamespaceInsightFamily, _ section: Section) -> Bool
    {
      let metric = family.metric
      if SamespaceFamilies.genericNames.contains(metric) {
        section.report("\"\(metric)\" is the generic family's name; choose another", at: "metric")
        return false
      }
      let sibling = family.kind == .counter ? String(metric.dropLast(6)) : metric + "_total"
      if families[sibling] != nil || SamespaceFamilies.genericNames.contains(sibling) {
        section.report(
          "\"\(metric)\" and \"\(sibling)\" are one name in OpenMetrics; rename one of them",
          at: "metric"
        )
        return false
      }
      guard let first = families[metric] else {
        families[metric] = family
        return true
      }
      if first.kind != family.kind {
        section.report(
          "\"\(metric)\" is a \(first.kind.rawValue) at another insight; a metric has one type",
          at: section.has("type") ? "type" : "metric"
        )
        return false
      }
      if first.help != family.help {
        section.report(
          "\"\(metric)\" has another help at another insight; give both the same",
          at: "help"
        )
        return false
      }
      return true
    }
  }
}

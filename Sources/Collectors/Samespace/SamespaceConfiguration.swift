import CollectorKit
import ConfigurationFile

/// A Samespace target's own keys.
struct SamespaceConfiguration: Sendable {
  /// A dashboard whose STAT insights are polled.
  struct Dashboard: Sendable {
    let id: String
    /// The time range for every insight; nil for each insight's own.
    let timeRange: String?
    /// The families of their own that insights are given, by the insight's id.
    let families: [String: SamespaceInsightFamily]
    /// The service levels that insights are to keep, by the insight's id.
    let objectives: [String: SamespaceObjective]

    /// The ids of the insights that the configuration names.
    var named: Set<String> { Set(families.keys).union(objectives.keys) }
  }

  /// A report and the family that its rows become.
  struct Report: Sendable {
    let id: String
    let timeRange: String?
    let limit: Int?
    let mapping: RowMapping
  }

  let apiKey: Secret
  /// The zone's name as the vendor is to read it; it accepts names that the system may not know.
  let timezone: String?
  /// The zone whose days counters are filed under; nil where no insight is a counter.
  let counterZone: Zone?
  let discoveryInterval: Double
  let dashboards: [Dashboard]
  let reports: [Report]

  /// Reads the section; nil where an error was recorded.
  init?(_ section: Section) {
    let apiKey = section.requiredSecret("api_key")
    timezone = section.string("timezone")
    if timezone == "" {
      section.report("is empty: leave it out for each insight's own", at: "timezone")
    }
    let interval = section.duration("discovery_interval", in: .seconds(1)...(.seconds(86_400 * 7)))
    discoveryInterval = interval?.seconds ?? 3600
    dashboards = SamespaceConfiguration.dashboards(section)
    reports = SamespaceConfiguration.reports(section)
    if !section.has("dashboards"), !section.has("reports") {
      section.report("missing; give dashboards, reports or both", at: "dashboards")
    }
    counterZone = SamespaceConfiguration.counterZone(section, timezone, dashboards)
    guard let apiKey else { return nil }
    self.apiKey = apiKey
  }

  private static func dashboards(_ section: Section) -> [Dashboard] {
    guard let entries = section.sections("dashboards") else { return [] }
    if entries.isEmpty {
      section.report("is empty: list a dashboard's id, or leave it out", at: "dashboards")
    }
    var dashboards: [Dashboard] = []
    var known = SamespaceInsightFamily.Registry()
    for entry in entries {
      let id = entry.requiredString("id")
      let timeRange = timeRange(entry)
      var families: [String: SamespaceInsightFamily] = [:]
      var objectives: [String: SamespaceObjective] = [:]
      for (insight, settings) in entry.namedSections("insights") ?? [] {
        objectives[insight] = settings.section("objective").flatMap { SamespaceObjective($0) }
        let family = ["metric", "help", "scale", "unit", "type"]
        if settings.has("objective"), !family.contains(where: settings.has) {
          // With an objective alone an insight stays in the generic family.
          settings.finish()
          continue
        }
        families[insight] = SamespaceInsightFamily(settings, timeRange: timeRange, &known)
      }
      entry.finish()
      guard let id else { continue }
      if dashboards.contains(where: { $0.id == id }) {
        entry.report(
          "the dashboard \"\(id)\" stands twice; poll another time range by another target",
          at: "id"
        )
      } else {
        dashboards.append(
          Dashboard(id: id, timeRange: timeRange, families: families, objectives: objectives)
        )
      }
    }
    return dashboards
  }

  private static func reports(_ section: Section) -> [Report] {
    guard let entries = section.sections("reports") else { return [] }
    if entries.isEmpty {
      section.report("is empty: list a report's id and mapping, or leave it out", at: "reports")
    }
    return entries.compactMap { entry in
      let id = entry.requiredString("id")
      let timeRange = timeRange(entry)
      let limit = entry.integer("limit", in: 1...1_000_000)
      entry.require("mapping")
      let mapping = entry.section("mapping").flatMap { RowMapping($0, prefix: "samespace") }
      entry.finish()
      guard let id, let mapping else { return nil }
      return Report(id: id, timeRange: timeRange, limit: limit, mapping: mapping)
    }
  }

  /// A value of the vendor's `TimeRange`.
  ///
  /// The vendor's page shows three and lists none, so that any word in capitals is passed on.
  private static func timeRange(_ section: Section) -> String? {
    guard let text = section.string("time_range") else { return nil }
    let isWord = text.utf8.allSatisfy { byte in
      (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }
    if isWord, !text.isEmpty { return text }
    section.report(
      "\"\(ErrorEnvelope.printable(text))\" is no time range such as PAST_HOUR: capitals, digits and "
        + "\"_\"",
      at: "time_range"
    )
    return nil
  }

  /// Only a counter needs to know where a day begins; without one any spelling of a zone will do.
  private static func counterZone(
    _ section: Section,
    _ timezone: String?,
    _ dashboards: [Dashboard]
  ) -> Zone? {
    let hasCounter = dashboards.contains { $0.families.values.contains { $0.kind == .counter } }
    guard hasCounter else { return nil }
    guard timezone != nil else {
      section.report(
        "missing; an insight of type counter needs to know where a day begins",
        at: "timezone"
      )
      return nil
    }
    return section.zone("timezone")
  }
}

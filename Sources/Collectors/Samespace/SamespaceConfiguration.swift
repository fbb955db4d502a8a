import CollectorKit
import ConfigurationFile

/// A Samespace target's own keys.
struct SamespaceConfiguration: Sendable {
  /// A dashboard whose insights are polled.
  struct Dashboard: Sendable {
    let id: String
    /// The time range for every insight; nil for each insight's own.
    let range: SamespaceRange?
    /// What every insight of the dashboard is narrowed down to.
    let filters: [SamespaceFilter]
    /// What insights are given of their own, by the insight's id.
    let insights: [String: Insight]

    /// Whether a STAT insight's totals of a day are counted.
    func countsDays(_ insight: String) -> Bool { insights[insight]?.family?.kind == .counter }
  }

  /// What one insight is given of its own.
  struct Insight: Sendable {
    let range: SamespaceRange?
    let filters: [SamespaceFilter]
    /// The family of a STAT insight; nil for the generic one.
    let family: SamespaceInsightFamily?
    /// How a STAT insight's value is written; nil to go by the text.
    let format: SamespaceFormat?
    /// The families of an insight that has rows.
    let table: SamespaceTable?
    /// The service level that a STAT insight is to keep.
    let objective: SamespaceObjective?

    /// Whether a day's totals are counted.
    var hasCounter: Bool { family?.kind == .counter || table?.hasCounter ?? false }
  }

  /// A report and the families that its rows become.
  struct Report: Sendable {
    let id: String
    let range: SamespaceRange?
    let filters: [SamespaceFilter]
    let table: SamespaceTable
  }

  let apiKey: Secret
  /// The zone's name as the vendor is to read it, in the spelling of the configuration.
  let timezone: String?
  /// The zone whose days are meant; nil if none is configured.
  let zone: Zone?
  let discoveryInterval: Double
  let dashboards: [Dashboard]
  let reports: [Report]

  /// Reads the section; nil where an error was recorded.
  ///
  /// - Parameters:
  ///   - section: The target's keys.
  ///   - labels: The names of the target's static labels.
  init?(_ section: Section, labels: Set<String>) {
    let apiKey = section.requiredSecret("api_key")
    timezone = section.string("timezone")
    if timezone == "" {
      section.report("is empty: leave it out for each insight's own", at: "timezone")
    }
    let interval = section.duration("discovery_interval", in: .seconds(1)...(.seconds(86_400 * 7)))
    discoveryInterval = interval?.seconds ?? 3600
    var known = SamespaceInsightFamily.Registry()
    dashboards = SamespaceConfiguration.dashboards(section, labels, &known)
    reports = SamespaceConfiguration.reports(section, labels, &known)
    if !section.has("dashboards"), !section.has("reports") {
      section.report("missing; give dashboards, reports or both", at: "dashboards")
    }
    zone = SamespaceConfiguration.zone(section, timezone, dashboards, reports)
    guard let apiKey else { return nil }
    self.apiKey = apiKey
  }

  private static func dashboards(
    _ section: Section,
    _ labels: Set<String>,
    _ known: inout SamespaceInsightFamily.Registry
  ) -> [Dashboard] {
    guard let entries = section.sections("dashboards") else { return [] }
    if entries.isEmpty {
      section.report("is empty: list a dashboard's id, or leave it out", at: "dashboards")
    }
    var dashboards: [Dashboard] = []
    for entry in entries {
      let id = entry.requiredString("id")
      let range = SamespaceRange(entry)
      let filters = SamespaceFilter.all(entry)
      var insights: [String: Insight] = [:]
      for (insight, settings) in entry.namedSections("insights") ?? [] {
        insights[insight] = Insight(settings, dashboard: range, labels: labels, &known)
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
          Dashboard(id: id, range: range, filters: filters, insights: insights)
        )
      }
    }
    return dashboards
  }

  private static func reports(
    _ section: Section,
    _ labels: Set<String>,
    _ known: inout SamespaceInsightFamily.Registry
  ) -> [Report] {
    guard let entries = section.sections("reports") else { return [] }
    if entries.isEmpty {
      section.report("is empty: list a report's id and mapping, or leave it out", at: "reports")
    }
    return entries.compactMap { entry in
      let id = entry.requiredString("id")
      let range = SamespaceRange(entry)
      let filters = SamespaceFilter.all(entry)
      let table = SamespaceTable(entry, labels: labels, &known.mapped)
      table.map { known.check($0, entry) }
      SamespaceConfiguration.check(range, hasCounter: table?.hasCounter ?? false, entry)
      entry.finish()
      guard let id, let table else { return nil }
      return Report(id: id, range: range, filters: filters, table: table)
    }
  }

  /// Only a total that starts again each day makes a counter.
  fileprivate static func check(
    _ range: SamespaceRange?,
    hasCounter: Bool,
    _ section: Section
  ) {
    guard hasCounter, let range, !range.isDayToDate else { return }
    switch range {
    case .named(let name):
      section.warn(
        "a counter is made of a total that starts again each day: the day so far is asked for, not "
          + name,
        at: section.has("type") ? "type" : nil
      )
    case .fixed, .custom:
      section.report(
        "a counter is made of a total that starts again each day: give start_time: today alone",
        at: section.has("start_time") ? "start_time" : nil
      )
    }
  }

  /// The configured zone, which must exist whether or not anything depends on a day.
  ///
  /// The vendor gets its name as well. What depends on a day needs one.
  private static func zone(
    _ section: Section,
    _ timezone: String?,
    _ dashboards: [Dashboard],
    _ reports: [Report]
  ) -> Zone? {
    let insights = dashboards.flatMap(\.insights.values)
    let hasCounter =
      insights.contains(where: \.hasCounter) || reports.contains(where: \.table.hasCounter)
    let ranges = dashboards.map(\.range) + insights.map(\.range) + reports.map(\.range)
    let needsZone = ranges.contains { $0?.needsZone ?? false }
    if timezone == "" { return nil }  // reported already
    if timezone != nil { return section.zone("timezone") }
    if hasCounter || needsZone {
      let what = hasCounter ? "a counter needs" : "start_time and end_time need"
      section.report("missing; \(what) to know where a day begins", at: "timezone")
    }
    return nil
  }
}

extension SamespaceConfiguration.Insight {
  /// Reads what an insight is given; nil where an error was recorded.
  fileprivate init?(
    _ section: Section,
    dashboard: SamespaceRange?,
    labels: Set<String>,
    _ known: inout SamespaceInsightFamily.Registry
  ) {
    range = SamespaceRange(section)
    filters = SamespaceFilter.all(section)
    let isMapped = section.has("mapping") || section.has("mappings")
    // Without a range, filters or an objective of its own an insight stands there for its family.
    let hasFamily =
      ["metric", "help", "scale", "unit", "type"].contains(where: section.has)
      || !["filters", "time_range", "start_time", "objective", "format"].contains(
        where: section.has
      )
    table = isMapped ? SamespaceTable(section, labels: labels, &known.mapped) : nil
    table.map { known.check($0, section) }
    family = !isMapped && hasFamily ? SamespaceInsightFamily(section, &known) : nil
    format = section.choice("format", as: SamespaceFormat.self)
    if isMapped, section.has("format") {
      section.report("belongs into the mapping of an insight with rows", at: "format")
    }
    objective = section.section("objective").flatMap { SamespaceObjective($0) }
    if objective != nil {
      if family?.kind == .counter {
        section.report("a counter only rises; give it to an insight of type gauge", at: "objective")
      } else if isMapped {
        section.report("an insight with rows has no one value to keep", at: "objective")
      }
    }
    SamespaceConfiguration.check(
      range ?? dashboard,
      hasCounter: family?.kind == .counter || table?.hasCounter ?? false,
      section
    )
    section.finish()
    if isMapped ? table == nil : hasFamily && family == nil { return nil }
  }
}

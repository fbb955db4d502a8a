import CollectorKit
import ConfigurationFile

/// An Experia target's own keys.
struct ExperiaConfiguration: Sendable {
  /// One selection of sessions: each costs one request a period and poll.
  struct View: Sendable {
    let name: String
    let channels: [String]
    let groups: [String]
    let agentEmail: String
  }

  /// The names of the service levels, in the order in which they are written.
  static let serviceLevelNames = ["response", "waiting", "service"]

  let apiKey: Secret
  let timezoneOffset: Zone
  let periods: [ExperiaPeriod]
  /// The weekday, 0 for Sunday, on which the vendor's week starts; the vendor does not say.
  let weekStart: Int
  let serviceLevels: [ServiceLevel]
  let views: [View]
  let cards: [ExperiaCard]

  /// Reads the section; nil if an error was recorded.
  ///
  /// - Parameters:
  ///   - section: The target's section.
  ///   - labels: The names of the target's static labels, which no row may give.
  init?(_ section: Section, labels: Set<String> = []) {
    let apiKey = section.requiredSecret("api_key")
    timezoneOffset = section.zoneOffset("timezone_offset") ?? ExperiaConfiguration.defaultOffset
    periods = ExperiaConfiguration.periods(section)
    let weekStart = section.choice("week_start", of: ExperiaConfiguration.weekdays)
    self.weekStart = weekStart.flatMap(ExperiaConfiguration.weekdays.firstIndex) ?? 0
    // The vendor's sample of a card sends thresholds of 0 (vendor page, "Example").
    serviceLevels = section.serviceLevels(
      ExperiaConfiguration.serviceLevelNames,
      leastThreshold: .zero
    )
    views = ExperiaConfiguration.views(section)
    cards = ExperiaCard.all(section, views: views.map(\.name), reserved: labels)
    guard let apiKey else { return nil }
    self.apiKey = apiKey
  }

  private static let weekdays = [
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
  ]

  /// The vendor's default offset (vendor page, "Request Body").
  private static let defaultOffset = Zone(offset: "+03:00") ?? .utc

  private static func periods(_ section: Section) -> [ExperiaPeriod] {
    guard let periods = ExperiaPeriod.list(section, "periods") else { return [.daily] }
    if periods.isEmpty { section.report("is empty: leave it out for [daily]", at: "periods") }
    return periods
  }

  private static func views(_ section: Section) -> [View] {
    guard let entries = section.sections("views") else {
      return [View(name: "all", channels: [], groups: [], agentEmail: "")]
    }
    if entries.isEmpty { section.report("is empty: leave it out for one view, all", at: "views") }
    var views: [View] = []
    for entry in entries {
      let name = entry.requiredString("name")
      let view = View(
        name: name ?? "",
        channels: entry.strings("channels") ?? [],
        groups: entry.strings("groups") ?? [],
        agentEmail: entry.string("agent_email") ?? ""
      )
      entry.finish()
      if let name, name.contains("@") {
        entry.report("would put an e-mail address into the label view", at: "name")
      }
      if views.contains(where: { $0.name == name }) {
        entry.report("the view \"\(view.name)\" stands twice", at: "name")
      } else {
        views.append(view)
      }
    }
    return views
  }
}

import CollectorKit
import ConfigurationFile

/// A card of the dashboard, fetched at an interval of its own (vendor page, "Card Content").
struct ExperiaCard: Sendable {
  /// What stands in `for`.
  enum Category: String, Sendable, CaseIterable {
    case session, hospitality
  }

  /// The card's name in the path.
  let card: String
  /// The label `card`.
  let name: String
  /// Seconds between two requests.
  let interval: Double
  /// The names of the views it is fetched for.
  let views: [String]
  let period: ExperiaPeriod
  /// nil for the vendor's default.
  let category: Category?
  let shifts: [String]
  /// The path below `cardContent` at which the rows are; empty for the content itself.
  let rows: [String]
  let mappers: [RowMapper]
  /// Nil where the card has no sessions, or is not to count them.
  let sessions: ExperiaSessionHistograms?

  /// The card with a row for every closed session (vendor page, "Example").
  static let closedSessions = "CARDTOTALCLOSEDSESSIONS"
  /// Seconds between two requests where nothing is said: four an hour of the vendor's 200.
  private static let defaultInterval = 900.0
  /// Labels that are given to every row, and those of the histograms and the other families.
  private static let ownLabels: Set<String> = ["view", "card", "period", "sla", "field"]

  /// Whether a past day's content has totals that the ledger wants.
  var hasCounters: Bool {
    period == .daily && (sessions != nil || mappers.contains { $0.mapping.kind == .counter })
  }

  /// Reads a card; nil where an error was recorded.
  init?(
    _ section: Section,
    views known: [String],
    reserved: Set<String>
  ) {
    let card = section.choice("card", of: ExperiaCard.names)
    section.require("card")
    let label = section.string("name")
    let week = Duration.seconds(86_400 * 7)
    interval =
      section.duration("interval", in: .seconds(1)...week)?.seconds ?? ExperiaCard.defaultInterval
    views = section.choices("views", of: known) ?? known
    period = ExperiaPeriod.one(section, "period") ?? .daily
    category = section.choice("for", as: Category.self)
    shifts = section.strings("shift_ids") ?? []
    rows = section.string("rows")?.split(separator: ".").map(String.init) ?? []
    let mappings = RowMapping.all(
      section,
      prefix: "experia",
      reserved: reserved.union(ExperiaCard.ownLabels)
    )
    mappers = mappings.map { RowMapper($0) }
    sessions = ExperiaCard.sessions(section, card: card, period: period)
    section.finish()

    if section.has("rows"), rows.isEmpty { section.report("is empty", at: "rows") }
    if views.isEmpty { section.report("is empty: leave it out for all views", at: "views") }
    if let label, label.isEmpty || Identifier.kind(of: label) == .email {
      section.report("cannot be the label card", at: "name")
    }
    for mapping in mappings {
      if ExperiaCard.taken.contains(mapping.familyName) {
        section.report("\"\(mapping.metric)\" is among the exporter's own names")
      }
      if mapping.kind == .counter, period != .daily {
        section.report("counters (\(mapping.metric)) need the period daily", at: "period")
      }
    }
    guard let card else { return nil }
    self.card = card
    name = label ?? card
  }

  /// A card that is asked for once, as the vendor has it by default.
  init(exploring card: String, view: String) {
    self.card = card
    name = card
    interval = ExperiaCard.defaultInterval
    views = [view]
    period = .daily
    category = nil
    shifts = []
    rows = []
    mappers = []
    sessions = nil
  }

  private static func sessions(
    _ section: Section,
    card: String?,
    period: ExperiaPeriod
  ) -> ExperiaSessionHistograms? {
    let isPossible = card == closedSessions && period == .daily
    let isWanted = section.boolean("histograms") ?? isPossible
    let buckets = section.section("buckets")
    let histograms = ExperiaSessionHistograms(buckets)
    buckets?.finish()
    if card != nil, !isPossible {
      let reason = "come from the daily \(closedSessions) alone"
      if section.has("buckets") { section.report(reason, at: "buckets") }
      if isWanted { section.report(reason, at: "histograms") }
    }
    return isWanted && isPossible ? histograms : nil
  }

  /// The families that the collector has anyway.
  private static let taken: Set<String> = {
    var names: Set<String> = [
      "experia_sla_compliance_ratio", "experia_sla_threshold_seconds",
      "experia_sla_objective_ratio", "experia_period_start_timestamp_seconds",
      "experia_card_rows", "experia_card_value", "experia_closed_session_waiting_seconds",
      "experia_closed_session_handling_seconds", "experia_untaken_sessions",
    ]
    for field in ExperiaField.all {
      names.insert(field.gauge)
      // In OpenMetrics a counter's family has no suffix, and its name is taken without it.
      if let counter = field.counter { names.insert(String(counter.dropLast("_total".count))) }
    }
    return names
  }()

  /// Every card of the vendor's page, "Available Cards".
  static let names = [
    "CARDTOTALSESSIONS", "CARDTOTALCLOSEDSESSIONS", "CARDTOTALTRANSFERRED", "CARDNEWCLIENTS",
    "CARDWAITINGTIME", "CARDSERVICETIME", "CARDMINSERVICETIME", "CARDMAXSERVICETIME",
    "CARDAVGRESPONSETIME", "CARDPEAKTIME", "CARDWEAKTIME", "CARDCSAT", "CARDFCR", "CARDNPS",
    "CARDTOTALMESSAGES", "CARDTOTALTIME", "CARDTAGS", "CARDTAGSPERCENTAGE", "CARDQUEUEREPORT",
    "CARDTEMPLATEUSAGE", "CARDPREDEFINEDMESSAGES",
  ]
}

extension ExperiaCard {
  /// Reads `cards`, and reports what would make two series of one name.
  static func all(
    _ section: Section,
    views: [String],
    reserved: Set<String>
  ) -> [ExperiaCard] {
    var cards: [ExperiaCard] = []
    for entry in section.sections("cards") ?? [] {
      guard
        let card = ExperiaCard(entry, views: views, reserved: reserved)
      else { continue }
      if cards.contains(where: { $0.name == card.name }) {
        entry.report(
          "the card \"\(card.name)\" stands twice; give one of them another name",
          at: entry.has("name") ? "name" : "card"
        )
      }
      let names = Set(cards.flatMap(\.mappers).map(\.mapping.familyName))
      for mapper in card.mappers where names.contains(mapper.mapping.familyName) {
        entry.report("the family \"\(mapper.mapping.metric)\" is another card's as well")
      }
      if card.sessions != nil, cards.contains(where: { $0.sessions != nil }) {
        entry.report("another card gives the histograms; set histograms: false here", at: "card")
      }
      cards.append(card)
    }
    return cards
  }
}

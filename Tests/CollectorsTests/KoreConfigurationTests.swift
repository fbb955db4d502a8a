import CollectorKit
import Testing

@testable import Collectors

/// A Kore.ai target's own keys: every message as the user sees it.
@Suite struct KoreConfigurationTests {
  private static let common = "name: t, vendor: kore, url: \"https://platform.kore.ai\""
  private static let bot = "bot_id: st-1, token: t-1"
  private static let mapping = "mapping: {metric: kore_intents, help: Intents.}"

  private static func issues(_ keys: String) throws -> [String] {
    try DecodedTarget("{\(common), \(keys)}").issues.map { issue in
      // Columns follow from the length of this suite's own prefix: they say nothing here.
      String(issue[(issue.firstRange(of: "targets[0]")?.lowerBound ?? issue.startIndex)...])
    }
  }

  @Test(arguments: [
    ("token: t-1", ["targets[0].bot_id: missing"]),
    ("bot_id: \"\", token: t-1", ["targets[0].bot_id: is empty"]),
    (
      "bot_id: st-1",
      [
        "targets[0]: has no credentials; give \"jwt\" with client_id and client_secret, \"token\" or "
          + "\"token_file\""
      ]
    ),
    (
      "\(bot), jwt: {client_id: cs-1, client_secret: s-1}",
      ["targets[0].jwt: \"token\" is given as well; give only one of the two"]
    ),
    (
      "\(bot), token_file: /nonexistent",
      ["targets[0].token_file: \"token\" is given as well; give only one of the two"]
    ),
    (
      "bot_id: st-1, token_file: /nonexistent",
      [
        "targets[0].token_file: the secret file \"/nonexistent\" cannot be read: No such file or "
          + "directory"
      ]
    ),
    ("bot_id: st-1, jwt: {client_secret: s-1}", ["targets[0].jwt.client_id: missing"]),
    (
      "bot_id: st-1, jwt: {client_id: cs-1}",
      ["targets[0].jwt.client_secret: missing; give \"client_secret\" or \"client_secret_file\""]
    ),
    (
      "bot_id: st-1, jwt: {client_id: cs-1, client_secret: s-1, subject: \"\"}",
      ["targets[0].jwt.subject: is empty"]
    ),
    (
      "bot_id: st-1, jwt: {client_id: cs-1, client_secret: s-1, subjekt: x}",
      ["targets[0].jwt.subjekt: unknown key; did you mean \"subject\"?"]
    ),
    (
      "bot_id: st-1, jwt: t-1", ["targets[0].jwt: must be a mapping of keys to values, not \"t-1\""]
    ),
    (
      "\(bot), timezone: Europe/Berlim",
      [
        "targets[0].timezone: there is no time zone \"Europe/Berlim\" in /usr/share/zoneinfo; did "
          + "you mean \"Europe/Berlin\"?"
      ]
    ),
    (
      "\(bot), channels: []",
      ["targets[0].channels: is empty: leave it out for one request for all channels"]
    ),
    ("\(bot), channels: [rtm, rtm]", ["targets[0].channels: names rtm twice"]),
    (
      "\(bot), channels: [all]",
      [
        "targets[0].channels: \"all\" is no channel but the label without channels: leave channels "
          + "out for it"
      ]
    ),
    ("\(bot), channels: rtm", ["targets[0].channels: must be a list of texts, not \"rtm\""]),
    (
      "\(bot), widgets: [{widget: w, \(mapping)}]",
      ["targets[0].widgets[0].dashboard: missing"]
    ),
    (
      "\(bot), widgets: [{dashboard: d, widget: w}]",
      ["targets[0].widgets[0].mapping: missing"]
    ),
    (
      "\(bot), widgets: [{dashboard: d, widget: w, range: 12h, \(mapping)}]",
      [
        "targets[0].widgets[0].range: must be between 1d and 90d, not \"12h\""
      ]
    ),
    (
      "\(bot), widgets: [{dashboard: d, widget: w, range: 36h, \(mapping)}]",
      [
        "targets[0].widgets[0].range: must be whole days, such as 1d or 7d"
      ]
    ),
    (
      "\(bot), widgets: [{dashboard: d, widget: w, filters: [{fieldName: f, values: []}], "
        + "\(mapping)}]",
      [
        "targets[0].widgets[0].filters[0].filterSource: missing",
        "targets[0].widgets[0].filters[0].values: is empty",
      ]
    ),
    (
      "\(bot), widgets: [{dashboard: d, widget: w, mapping: {metric: intents, help: Intents.}}]",
      ["targets[0].widgets[0].mapping.metric: \"intents\" must start with \"kore_\""]
    ),
    (
      "\(bot), widgets: [{dashboard: d, widget: w, "
        + "mapping: {metric: kore_engagement_users, help: Users.}}]",
      [
        "targets[0].widgets[0].mapping: \"kore_engagement_users\" is among the exporter's own names"
      ]
    ),
    ("\(bot), widgets: [{dashboard: d, widget: w, range: 7d, max_rows: 100, \(mapping)}]", []),
    (
      "\(bot), widgets: [{dashboard: d, widget: w, max_rows: 0, \(mapping)}]",
      ["targets[0].widgets[0].max_rows: must be between 1 and 10000, not \"0\""]
    ),
    (
      "\(bot), widgets: [{dashboard: d, widget: w, range: 7d, mapping: {metric: kore_tasks_total, "
        + "help: Tasks., type: counter}}]",
      ["targets[0].widgets[0].range: a counter is made of one day's totals: leave range at 1d"]
    ),
    (
      "\(bot), widgets: [{dashboard: d, widget: w, \(mapping)}, {dashboard: d, widget: v, "
        + "mappings: [{metric: kore_intents, help: Intents.}, {metric: kore_v, help: V.}]}]",
      [
        "targets[0].widgets[1].mappings: \"kore_intents\" is made of another table already; choose "
          + "another"
      ]
    ),
    (
      "\(bot), widgets: [{dashboard: d, widget: w, \(mapping)}, {dashboard: d, widget: v, "
        + "mapping: {metric: kore_intents_total, help: Intents., type: counter}}]",
      [
        "targets[0].widgets[1].mapping: \"kore_intents_total\" and \"kore_intents\" are one name in "
          + "OpenMetrics; rename one of them"
      ]
    ),
    (
      "\(bot), labels: {brand: acme}, widgets: [{dashboard: d, widget: w, mapping: "
        + "{metric: kore_a, help: A., labels: {brand: b, target: t}}}]",
      [
        "targets[0].widgets[0].mapping.labels: \"brand\" cannot be a label's name here",
        "targets[0].widgets[0].mapping.labels: \"target\" cannot be a label's name here",
      ]
    ),
    (
      "\(bot), widgets: [{dashboard: .., widget: ., \(mapping)}]",
      [
        "targets[0].widgets[0].dashboard: cannot be a part of a path",
        "targets[0].widgets[0].widget: cannot be a part of a path",
      ]
    ),
    (
      "\(bot), widgets: [{dashboard: d, widget: w, interval: 8d, \(mapping)}]",
      ["targets[0].widgets[0].interval: must be between 1s and 1w, not \"8d\""]
    ),
    (
      "\(bot), api_version: 3",
      ["targets[0].api_version: must be between 1 and 2, not \"3\""]
    ),
    ("\(bot), api_version: 2", []),
    ("\(bot), botid: st-2", ["targets[0].botid: unknown key"]),
    ("\(bot), timezone: Asia/Kathmandu, channels: [rtm, msteams]", []),
    ("bot_id: st-1, jwt: {client_id: cs-1, client_secret: s-1, subject: exporter}", []),
  ])
  func messages(keys: String, expected: [String]) throws {
    #expect(try Self.issues(keys) == expected)
  }

  @Test func sixFiltersAreTooMany() throws {
    let filters = (1...6).map { "{filterSource: s, fieldName: f\($0), values: [v]}" }
    let issues = try Self.issues(
      "\(Self.bot), widgets: [{dashboard: d, widget: w, \(Self.mapping), "
        + "filters: [\(filters.joined(separator: ", "))]}]"
    )
    #expect(
      issues.contains("targets[0].widgets[0].filters: has 6 filters; the vendor takes at most 5")
    )
  }

  @Test(arguments: [("", 2), (", channels: [rtm]", 2), (", channels: [rtm, sms, ivr]", 6)])
  func thePlanCountsTwoRequestsAChannel(keys: String, requests: Int) throws {
    let target = try DecodedTarget("{\(Self.common), \(Self.bot)\(keys)}")
    #expect(try target.collector.plan.requestsPerPoll == requests)
  }

  @Test func aWidgetCountsOnceUntilItsPagesAreKnown() throws {
    let target = try DecodedTarget(
      "{\(Self.common), \(Self.bot), widgets: [{dashboard: d, widget: w, \(Self.mapping)}]}"
    )
    let plan = try target.collector.plan
    #expect(plan.entries.map(\.requests) == [2, 1])
    #expect(plan.isEstimate)
  }

  /// The vendor counts by bot: targets for one bot share a budget, whatever their credentials.
  @Test func theBudgetIsTheBots() throws {
    func credential(_ keys: String) throws -> String? {
      try DecodedTarget("{\(Self.common), \(keys)}").configured?.credential
    }
    let one = try credential("bot_id: st-1, token: t-1")
    #expect(one != nil)
    #expect(try credential("bot_id: st-1, jwt: {client_id: c, client_secret: s}") == one)
    #expect(try credential("bot_id: st-2, token: t-1") != one)
  }
}

import CollectorKit
import ConfigurationFile
import Exposition
import Testing

@testable import ExporterCore

/// The whole configuration.
@Suite struct ExporterConfigurationTests {
  struct Case: Sendable {
    let text: String
    let lines: [String]

    init(_ text: String, _ lines: String...) {
      self.text = text
      self.lines = lines.map { "config.yaml:" + $0 }
    }
  }

  private static func card(_ metric: String, _ help: String) -> String {
    ", cards: [{card: CARDTAGS, mapping: {metric: \(metric), help: \(help)}}]"
  }

  static let wrong = [
    Case("{}", "1:1: targets: missing"),
    Case("targets: []", "1:10: targets: is empty: name a target"),
    Case("targets: {}", "1:10: targets: must be a list of mappings, not a mapping"),
    Case("targets: [5]", "1:11: targets[0]: must be a mapping of keys to values, not \"5\""),
    Case(
      "defaults: {intervall: 1m}\ntargets:\n" + ConfigurationText.experia("a"),
      "1:12: defaults.intervall: unknown key; did you mean \"interval\"?"
    ),
    Case(
      "defaults: {labels: {a: b}}\ntargets:\n" + ConfigurationText.experia("a"),
      "1:12: defaults.labels: unknown key"
    ),
    Case(
      "target: []\ntargets:\n" + ConfigurationText.experia("a"),
      "1:1: target: unknown key"
    ),
    Case(
      "targets:\n" + ConfigurationText.experia("a") + ConfigurationText.experia("a"),
      "3:12: targets[1].name: another target is named \"a\" as well; names are unique"
    ),
    Case(
      "targets:\n  - {name: a, vendor: experai, url: \"http://a\", api_kee: x}\n",
      "2:23: targets[0].vendor: must be \"experia\", \"samespace\", \"rocketchat\" or \"kore\", not "
        + "\"experai\"; did you mean \"experia\"?"
    ),
    Case(
      "targets:\n  - {name: a, url: \"http://a\", api_key: x}\n",
      "2:5: targets[0].vendor: missing"
    ),
    Case(
      "targets:\n  - {name: a, vendor: experia, url: \"http://a\"}\n",
      "2:5: targets[0].api_key: missing; give \"api_key\" or \"api_key_file\""
    ),
    Case(
      "targets:\n" + ConfigurationText.experia("a", more: card("experia_tags_used", "Tags."))
        + ConfigurationText.experia("b", more: card("experia_tags_used", "Tags."))
        + ConfigurationText.experia("c", more: card("experia_tags_used", "Tags used.")),
      "4:5: targets[2]: the family \"experia_tags_used\" has another type or help in the target \"a\"; "
        + "give it the same, or another name"
    ),
    Case(
      """
      targets:
        - {name: a, vendor: samespace, url: "http://a", api_key: k, dashboards: [{id: d, insights:
            {i: {metric: samespace_calls, help: Calls.}}}]}
        - {name: b, vendor: samespace, url: "http://b", api_key: l, timezone: Etc/UTC, reports: [{id: r,
            start_time: today,
            mapping: {metric: samespace_calls_total, help: Calls., type: counter}}]}
        - {name: c, vendor: kore, url: "http://c", bot_id: b, token: t,
            widgets: [{dashboard: D, widget: W, mapping: {metric: kore_x, help: X.}}]}
        - {name: d, vendor: kore, url: "http://d", bot_id: c, token: t,
            widgets: [{dashboard: D, widget: W, mapping: {metric: kore_x, help: Y.}}]}
      """,
      "4:5: targets[1]: the family \"samespace_calls_total\" has another type or help in the target "
        + "\"a\"; give it the same, or another name",
      "9:5: targets[3]: the family \"kore_x\" has another type or help in the target \"c\"; "
        + "give it the same, or another name"
    ),
    Case(
      "targets:\n" + ConfigurationText.experia("a", more: ", perids: [daily]"),
      "2:68: targets[0].perids: unknown key; did you mean \"periods\"?"
    ),
  ]

  @Test(arguments: wrong)
  func wrongConfigurations(_ item: Case) {
    #expect(ConfigurationText.errors(item.text) == item.lines)
  }

  @Test func allErrorsOfSeveralTargetsAtOnce() {
    let lines = ConfigurationText.errors(
      """
      defaults: {timeout: 0s}
      targets:
        - {name: A, vendor: experia, url: "http://a", api_key: x, labels: {target: x}}
        - {name: b, vendor: rocketchat, url: "nowhere", user_id: u, auth_token: t, charts: [Foo]}
        - {name: c, vendor: unknown, url: "http://c", interval: never}
        - {name: b, vendor: kore, url: "http://d", interval: 2d}
      surplus: 1
      """
    )
    let places = lines.map { $0.split(separator: ": ", maxSplits: 2)[1] }
    for place in [
      "defaults.timeout", "targets[0].name", "targets[0].labels", "targets[1].url",
      "targets[1].charts[0]", "targets[2].vendor", "targets[2].interval", "targets[3].name",
      "targets[3].interval", "surplus",
    ] {
      #expect(places.contains { $0 == place }, "\(place)")
    }
    // In the file's order.
    let numbers = lines.compactMap { line in Int(line.split(separator: ":")[1]) }
    #expect(numbers == numbers.sorted())
  }

  @Test func anUnreadableFile() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try ExporterConfiguration.load(path: "/nonexistent/config.yaml", environment: [:])
    }
    #expect(
      error?.description
        == "/nonexistent/config.yaml: cannot be read: No such file or directory"
    )
  }

  /// A family has one label set: targets of a vendor have the union of their labels' names.
  @Test func labelNamesAreTheVendorsUnion() throws {
    let configuration = try ConfigurationText.decode(
      "targets:\n"
        + ConfigurationText.experia("a", more: ", labels: {brand: acme, site: x}")
        + ConfigurationText.experia("b", more: ", labels: {area: eu}")
        + ConfigurationText.experia("c")
        + "  - {name: d, vendor: kore, url: \"http://d\", bot_id: st-1, token: t, labels: {z: y}}\n"
    )
    let labels = configuration.targets.map(\.settings.labels)
    #expect(
      labels == [
        ["area": "", "brand": "acme", "site": "x"], ["area": "eu", "brand": "", "site": ""],
        ["area": "", "brand": "", "site": ""], ["z": "y"],
      ]
    )
  }

  /// Targets that share a credential share its budget, at the strictest of their limits.
  @Test func theStrictestLimitOfACredentialHolds() throws {
    let configuration = try ConfigurationText.decode(
      "targets:\n"
        + ConfigurationText.experia("a", more: ", rate_limit: [{requests: 100, per: 1h}]")
        + ConfigurationText.experia("b")
        + ConfigurationText.experia("c", more: ", rate_limit: [{requests: 9, per: 1m}]")
        + ConfigurationText.experia("d", key: "k-2")
        + ConfigurationText.experia("e", key: "k-3", more: ", rate_limit: []")
    )
    let limits = configuration.limitsByCredential
    #expect(limits.count == 3)
    let byTarget = configuration.targets.map { limits[$0.configured.credential] }
    let shared = [RateLimit(requests: 9, window: 60), RateLimit(requests: 100, window: 3600)]
    #expect(
      byTarget == [shared, shared, shared, [RateLimit(requests: 200, window: 3600)], []]
    )
  }

  // README, "Rate limits": Experia 200/1h per key, Rocket.Chat 10/1m, Kore 60/1m and 1800/1h, Samespace none.
  @Test func theVendorsOwnLimits() throws {
    let configuration = try ConfigurationText.decode(
      """
      targets:
        - {name: a, vendor: experia, url: "http://a", api_key: k}
        - {name: b, vendor: samespace, url: "http://b", api_key: k, dashboards: [{id: d}]}
        - {name: c, vendor: rocketchat, url: "http://c", user_id: u, auth_token: t}
        - {name: d, vendor: kore, url: "http://d", bot_id: st-1, token: t}
      """
    )
    let limits = configuration.limitsByCredential
    #expect(
      configuration.targets.map { limits[$0.configured.credential] } == [
        [RateLimit(requests: 200, window: 3600)], [], [RateLimit(requests: 10, window: 60)],
        [RateLimit(requests: 60, window: 60), RateLimit(requests: 1800, window: 3600)],
      ]
    )
    #expect(configuration.warnings.isEmpty)
  }

  @Test func doubtfulThingsAreWarnings() throws {
    let configuration = try ConfigurationText.decode(
      "targets:\n"
        + ConfigurationText.experia("a", more: ", tls_config: {insecure_skip_verify: true}")
    )
    #expect(configuration.warnings.count == 1)
    #expect(configuration.warnings.first?.keyPath == "targets[0].tls_config.insecure_skip_verify")
  }

  @Test func theDemosConfigurationIsAccepted() throws {
    let configuration = try ExporterConfiguration(
      DemoConfiguration.document(
        baseURL: "http://127.0.0.1:1",
        simulator: DemoConfiguration.simulator
      )
    )
    #expect(
      configuration.targets.map(\.settings.vendor).sorted() == [
        "experia", "kore", "rocketchat", "samespace",
      ]
    )
    #expect(CheckCommand.plans(configuration).allSatisfy { !$0.isOver })
  }
}

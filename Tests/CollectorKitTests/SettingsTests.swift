import ConfigurationFile
import Exposition
import HTTPTransport
import Testing

@testable import CollectorKit

/// Good sections: the documented keys and their values.
@Suite struct SettingsTests {
  @Test func defaults() throws {
    let document = try SettingsDocument("")
    #expect(document.issues.isEmpty)
    let settings = try #require(document.settings)
    #expect(settings.name == "bot")
    #expect(settings.vendor == "kore")
    #expect(settings.url == "https://platform.kore.ai")
    #expect(settings.interval == 60)
    #expect(settings.timeout == .seconds(10))
    #expect(settings.staleAfter == 300)
    #expect(settings.catchUp == 31 * 86_400)
    #expect(settings.maxResponseSize == 8 * 1024 * 1024)
    #expect(settings.labels == LabelSet())
    #expect(settings.connection == ConnectionOptions())
    #expect(settings.headers.isEmpty)
    #expect(settings.rateLimits == nil)
    #expect(document.mapping == nil && document.levels.isEmpty)
    #expect(document.zone == nil && document.offset == nil)
  }

  /// "5m or three intervals, whichever is longer".
  @Test(arguments: [("1m", 300), ("100s", 300), ("101s", 303), ("1h", 10_800)])
  func staleAfterFollowsTheInterval(_ interval: String, _ staleAfter: Double) throws {
    #expect(try SettingsDocument("interval: \(interval)").settings?.staleAfter == staleAfter)
    let inherited = try SettingsDocument("", defaults: "interval: \(interval)")
    #expect(inherited.settings?.staleAfter == staleAfter)
  }

  @Test func aTargetsKeysWinOverTheDefaults() throws {
    let defaults =
      "{interval: 2m, timeout: 20s, stale_after: 30m, catch_up: 7d, max_response_size: 1MiB}"
    let inherited = try #require(try SettingsDocument("", defaults: defaults).settings)
    #expect(inherited.interval == 120)
    #expect(inherited.timeout == .seconds(20))
    #expect(inherited.staleAfter == 1800)
    #expect(inherited.catchUp == 7 * 86_400)
    #expect(inherited.maxResponseSize == 1 << 20)
    let own = try SettingsDocument(
      "interval: 5m\ntimeout: 500ms\nstale_after: 1h30m\ncatch_up: 0\nmax_response_size: 64KiB",
      defaults: defaults
    )
    #expect(own.issues.isEmpty)
    let settings = try #require(own.settings)
    #expect(settings.interval == 300)
    #expect(settings.timeout == .milliseconds(500))
    #expect(settings.staleAfter == 5400)
    #expect(settings.catchUp == 0)
    #expect(settings.maxResponseSize == 65_536)
  }

  @Test func aPathBehindTheHostIsKept() throws {
    let document = try SettingsDocument(
      "",
      head: "name: a_b-9\nvendor: kore\nurl: HTTP://Proxy.Example:8080/kore/v1/\n"
    )
    #expect(document.issues.isEmpty)
    #expect(document.settings?.name == "a_b-9")
    #expect(document.settings?.url == "http://proxy.example:8080/kore/v1")
  }

  @Test func staticLabelsAreSorted() throws {
    let document = try SettingsDocument(
      "labels: {region: eu, brand: acme, _x: \"\", version: 2, on: \"a\\nb\"}"
    )
    #expect(document.issues.isEmpty)
    let expected: LabelSet = [
      "_x": "", "brand": "acme", "on": "a\nb", "region": "eu", "version": "2",
    ]
    #expect(document.settings?.labels == expected)
  }

  @Test func rateLimits() throws {
    let document = try SettingsDocument(
      "rate_limit: [{requests: 60, per: 1m}, {requests: 1800, per: 1h}]"
    )
    #expect(document.issues.isEmpty)
    #expect(
      document.settings?.rateLimits == [
        RateLimit(requests: 60, window: 60), RateLimit(requests: 1800, window: 3600),
      ]
    )
  }

  @Test func connectionOptions() throws {
    let document = try SettingsDocument(
      """
      proxy_url: http://user:hunter2@proxy.example:3128
      no_proxy: internal.example,10.0.0.0/8
      tls_config: {ca_file: ca.pem, cert_file: /etc/c.pem, key_file: c.key,
        server_name: inner.example, min_version: TLS13}
      """
    )
    #expect(document.issues.isEmpty)
    var expected = ConnectionOptions()
    expected.proxyURL = "http://user:hunter2@proxy.example:3128"
    expected.noProxy = "internal.example,10.0.0.0/8"
    expected.caFile = "/etc/cx/ca.pem"
    expected.certificateFile = "/etc/c.pem"
    expected.keyFile = "/etc/cx/c.key"
    expected.serverName = "inner.example"
    expected.minimumTLSVersion = .tls13
    #expect(document.settings?.connection == expected)
  }

  @Test func headersInBothForms() throws {
    let document = try SettingsDocument(
      "http_headers: {X-Team: cx, X-Many: {values: [a, b], secrets: [c]}}"
    )
    #expect(document.issues.isEmpty)
    let fields = try #require(try document.settings?.extraFields())
    #expect(
      fields == [
        HTTPField("X-Team", "cx"), HTTPField("X-Many", "a"), HTTPField("X-Many", "b"),
        HTTPField("X-Many", "c"),
      ]
    )
    // A plain value may be a word that names and texts hold by chance.
    #expect(document.settings?.headers.map(\.isSecret) == [false, false, false, true])
    let printed = String(describing: document.settings?.headers)
    #expect(!printed.contains("\"c\""))
  }

  @Test func serviceLevelsAndZones() throws {
    let document = try SettingsDocument(
      """
      sla: {waiting: {threshold: 2m}, response: {threshold: 1500ms, objective: 0.9}}
      timezone: Asia/Kolkata
      timezone_offset: "-03:30"
      """
    )
    #expect(document.issues.isEmpty)
    #expect(
      document.levels == [
        ServiceLevel(name: "response", threshold: 1.5, objective: 0.9),
        ServiceLevel(name: "waiting", threshold: 120, objective: nil),
      ]
    )
    #expect(document.zone?.name == "Asia/Kolkata")
    #expect(document.offset?.offset(at: 0) == -12_600)
  }

  @Test func aMappingsDefaults() throws {
    let mapping = try #require(
      try SettingsDocument("mapping: {metric: kore_intents, help: Intents.}").mapping
    )
    #expect(mapping.metric == "kore_intents")
    #expect(mapping.help == "Intents.")
    #expect(mapping.labels.isEmpty)
    #expect(mapping.value == nil)
    #expect(mapping.aggregate == .count)
    #expect(mapping.scale == 1)
    #expect(mapping.kind == .gauge)
    #expect(mapping.maxSeries == 1000)
  }

  @Test func aWholeMapping() throws {
    let document = try SettingsDocument(
      """
      mapping:
        metric: kore_tasks_total
        help: Tasks.
        labels: {outcome: metricType, channel: Channel}
        value: "count(taskName)"
        scale: 0.001
        type: counter
        max_series: 50
      """
    )
    #expect(document.issues.isEmpty)
    let mapping = try #require(document.mapping)
    #expect(mapping.labels.map(\.label) == ["channel", "outcome"])
    #expect(mapping.labels.map(\.column) == ["Channel", "metricType"])
    #expect(mapping.value == "count(taskName)")
    #expect(mapping.aggregate == .sum)
    #expect(mapping.scale == 0.001)
    #expect(mapping.kind == .counter)
    #expect(mapping.maxSeries == 50)
  }

  @Test func valuesAndAllow() throws {
    let text = """
      mapping:
        metric: kore_x
        help: X.
        labels: {outcome: metricType, by: client_id}
        values: {outcome: {successintents: success}}
        allow: {by: ["1", "2"]}
      """
    let document = try SettingsDocument(text)
    #expect(document.issues.isEmpty)
    #expect(
      document.mapping?.labels == [
        RowMapping.LabelColumn(label: "by", column: "client_id", allowed: ["1", "2"]),
        RowMapping.LabelColumn(
          label: "outcome",
          column: "metricType",
          values: ["successintents": "success"]
        ),
      ]
    )
    let short = try SettingsDocument(
      "mapping: {metric: kore_x, help: X., labels: {a: b}, values: {c: d}, allow: [d]}"
    )
    #expect(short.issues.isEmpty)
    #expect(
      short.mapping?.labels == [
        RowMapping.LabelColumn(label: "a", column: "b", values: ["c": "d"], allowed: ["d"])
      ]
    )
  }

  /// The name says that the value is a time.
  @Test func formats() throws {
    let time = "mapping: {metric: kore_x_timestamp_seconds, help: X., value: v}"
    #expect(try SettingsDocument(time).mapping?.format == .timestamp)
    let long = "mapping: {metric: kore_x_seconds, help: X., value: v, format: duration}"
    #expect(try SettingsDocument(long).mapping?.format == .duration)
  }

  @Test(arguments: RowMapping.Aggregate.allCases)
  func aggregates(_ aggregate: RowMapping.Aggregate) throws {
    let text = "mapping: {metric: kore_x, help: X., value: v, aggregate: \(aggregate.rawValue)}"
    #expect(try SettingsDocument(text).mapping?.aggregate == aggregate)
  }

  /// The documented plan: what counts against a limit is the average, never more than a poll's.
  @Test func plans() {
    let plan = RequestPlan([
      RequestPlan.Entry("views", requests: 2),
      RequestPlan.Entry("cards", requests: 1, every: 900),
      RequestPlan.Entry("often", requests: 1, every: 10),
    ])
    #expect(plan.requestsPerPoll == 4)
    #expect(plan.requests(in: 3600, interval: 60) == 120 + 4 + 60)
    #expect(RequestPlan([]).requests(in: 60, interval: 60) == 0)
  }
}

import Testing

@testable import CollectorKit

/// Bad sections: each error as the operator reads it, `file:line:column: path: message`.
@Suite struct SettingsErrorTests {
  struct Case: Sendable {
    let text: String
    let issues: [String]

    init(_ text: String, _ issues: String...) {
      self.text = text
      self.issues = issues.map { "config.yaml:" + $0 }
    }
  }

  private static let duration = "must be a duration such as 30s, 5m or 1h30m, not"

  static let settings = [
    Case("intervall: 5m", "4:1: intervall: unknown key; did you mean \"interval\"?"),
    Case("interval: 5", "4:11: interval: \(duration) \"5\""),
    Case("interval: -5m", "4:11: interval: \(duration) \"-5m\""),
    Case("interval: 1m30", "4:11: interval: \(duration) \"1m30\""),
    Case("interval: 0", "4:11: interval: must be between 1s and 1d, not \"0\""),
    Case("interval: 500ms", "4:11: interval: must be between 1s and 1d, not \"500ms\""),
    Case("interval: 2d", "4:11: interval: must be between 1s and 1d, not \"2d\""),
    Case("interval: [1m]", "4:11: interval: \(duration) a list"),
    Case("interval:", "4:10: interval: has no value"),
    Case("timeout: 50ms", "4:10: timeout: must be between 100ms and 10m, not \"50ms\""),
    Case("timeout: 11m", "4:10: timeout: must be between 100ms and 10m, not \"11m\""),
    Case("catch_up: 2y", "4:11: catch_up: must be between 0s and 366d, not \"2y\""),
    Case(
      "stale_after: 30s",
      "4:14: stale_after: is shorter than the interval: samples would vanish between two polls"
    ),
    Case(
      "max_response_size: 1B",
      "4:20: max_response_size: must be between 1KiB and 1GiB, not \"1B\""
    ),
    Case(
      "max_response_size: big",
      "4:20: max_response_size: must be a size such as 8MiB, 512KiB or 10MB, not \"big\""
    ),
    Case("labels: [a]", "4:9: labels: must be a mapping of names to texts, not a list"),
    Case("labels: {target: x}", "4:9: labels: the label \"target\" is set by the exporter"),
    Case("labels: {le: x}", "4:9: labels: the label \"le\" is set by the exporter"),
    Case("labels: {view: x}", "4:9: labels: the label \"view\" is set by the exporter"),
    Case("labels: {a: [1]}", "4:13: labels.a: must be text, not a list"),
    Case(
      "labels: {9a: x}",
      "4:9: labels: \"9a\" is no label name: letters, digits and \"_\", not starting with a digit or "
        + "\"__\""
    ),
    Case(
      "labels: {__name__: x}",
      "4:9: labels: \"__name__\" is no label name: letters, digits and \"_\", not starting with a "
        + "digit or \"__\""
    ),
    Case(
      #"labels: {"a\nb": x}"#,
      "4:9: labels: \"a\\nb\" is no label name: letters, digits and \"_\", not starting with a digit "
        + "or \"__\""
    ),
    Case(
      "labels: {a-b: x}",
      "4:9: labels: \"a-b\" is no label name: letters, digits and \"_\", not starting with a digit or "
        + "\"__\""
    ),
    Case(
      "rate_limit: {requests: 1}",
      "4:13: rate_limit: must be a list of mappings, not a mapping"
    ),
    Case("rate_limit: [{requests: 1}]", "4:14: rate_limit[0].per: missing"),
    Case("rate_limit: [{per: 1m}]", "4:14: rate_limit[0].requests: missing"),
    Case(
      "rate_limit: [{requests: 0, per: 1m}]",
      "4:25: rate_limit[0].requests: must be between 1 and 1000000, not \"0\""
    ),
    Case(
      "rate_limit: [{requests: 1.5, per: 1m}]",
      "4:25: rate_limit[0].requests: must be a whole number, not \"1.5\""
    ),
    Case(
      "rate_limit: [{requests: 5, per: 1m, burst: 2}]",
      "4:37: rate_limit[0].burst: unknown key"
    ),
    Case(
      "proxy_url: proxy.example:3128",
      "4:12: proxy_url: a proxy's address starts with http://, https:// or socks5://"
    ),
    Case("no_proxy: a.example", "4:11: no_proxy: has no effect without proxy_url"),
    Case(
      "tls_config: {cert_file: c.pem}",
      "4:13: tls_config: cert_file and key_file belong together"
    ),
    Case(
      "tls_config: {min_version: TLS14}",
      "4:27: tls_config.min_version: must be \"TLS10\", \"TLS11\", \"TLS12\" or \"TLS13\", not "
        + "\"TLS14\"; did you mean \"TLS10\"?"
    ),
    Case(
      "tls_config: {insecure_skip_verify: maybe}",
      "4:36: tls_config.insecure_skip_verify: must be true or false, not \"maybe\""
    ),
    Case(
      "tls_config: {insecure_skip_verify: true}",
      "4:36: tls_config.insecure_skip_verify: turns certificate verification off: anyone on the "
        + "way can read the credentials"
    ),
    Case("tls_config: {ca: x}", "4:14: tls_config.ca: unknown key"),
    Case(
      "http_headers: {Host: x}",
      "4:22: http_headers.Host: \"Host\" is no header field name"
    ),
    Case(
      "http_headers: {\"X Team\": x}",
      "4:26: http_headers[\"X Team\"]: \"X Team\" is no header field name"
    ),
    Case("http_headers: {X-A: \"\"}", "4:21: http_headers.X-A: is empty"),
    Case(
      "http_headers: {X-A: \"hunter2\\r\\nX-B: 1\"}",
      "4:21: http_headers.X-A: must be one line of text, but has a line break or a NUL in it"
    ),
    Case(
      "http_headers: {X-A: {value: x}}",
      "4:22: http_headers.X-A.value: unknown key; did you "
        + "mean \"values\"?"
    ),
    Case("http_headers: {X-A: {}}", "4:21: http_headers.X-A: has no values, secrets or files"),
    Case(
      "http_headers: {X-A: {secrets: hunter2}}",
      "4:31: http_headers.X-A.secrets: must be a list of texts"
    ),
    Case(
      "http_headers: {X-A: {files: [none.txt]}}",
      "4:30: http_headers.X-A.files[0]: the secret file \"/etc/cx/none.txt\" cannot be read: No "
        + "such file or directory"
    ),
  ]

  static let readers = [
    Case("timezone_offset: \"+3\"", "4:18: timezone_offset: \"+3\" is no offset such as +03:00"),
    Case(
      "timezone: ../etc/passwd",
      "4:11: timezone: \"../etc/passwd\" is no time zone name such as Asia/Kolkata"
    ),
    Case(
      "timezone: Asia/Kolkatta",
      "4:11: timezone: there is no time zone \"Asia/Kolkatta\" in /usr/share/zoneinfo; did you "
        + "mean \"Asia/Kolkata\"?"
    ),
    Case("sla: {response: {objective: 0.9}}", "4:17: sla.response.threshold: missing"),
    Case(
      "sla: {response: {threshold: 1m, objective: 90}}",
      "4:44: sla.response.objective: must be between 0 and 1, not \"90\""
    ),
    Case(
      "sla: {responce: {threshold: 1m}}",
      "4:7: sla.responce: unknown key; did you mean \"response\"?"
    ),
    Case("mapping: {help: X.}", "4:10: mapping.metric: missing"),
    Case("mapping: {metric: kore_x}", "4:10: mapping.help: missing"),
    Case(
      "mapping: {metric: intents, help: X.}",
      "4:19: mapping.metric: \"intents\" must start with \"kore_\""
    ),
    Case(
      "mapping: {metric: kore-x, help: X.}",
      "4:19: mapping.metric: \"kore-x\" is no metric name: letters, digits and \"_\""
    ),
    Case(
      "mapping: {metric: \"kore_x:sum\", help: X.}",
      "4:19: mapping.metric: \"kore_x:sum\" is no metric name: letters, digits and \"_\""
    ),
    Case(
      "mapping: {metric: kore_x, help: X., type: counter}",
      "4:19: mapping.metric: a counter's name ends in _total"
    ),
    Case(
      "mapping: {metric: kore_x_total, help: X.}",
      "4:19: mapping.metric: a gauge's name does not end in _total"
    ),
    Case(
      "mapping: {metric: kore_x, help: X., aggregate: avg}",
      "4:48: mapping.aggregate: avg needs a value column"
    ),
    Case(
      "mapping: {metric: kore_x, help: X., labels: {target: c}}",
      "4:45: mapping.labels: \"target\" cannot be a label's name here"
    ),
    Case(
      "mapping: {metric: kore_x, help: X., labels: {__c: c}}",
      "4:45: mapping.labels: \"__c\" cannot be a label's name here"
    ),
    Case(
      "mapping: {metric: kore_x, help: X., max_series: 0}",
      "4:49: mapping.max_series: must be between 1 and 100000, not \"0\""
    ),
    Case(
      "mapping: {metric: kore_x, help: X., value: v, scale: inf}",
      "4:54: mapping.scale: must be a number, not \"inf\""
    ),
    Case(
      "mapping: {metric: kore_x, help: X., scale: 2, format: duration}",
      "4:44: mapping.scale: has no effect without value",
      "4:55: mapping.format: has no effect without value"
    ),
    Case(
      "mapping: {metric: kore_x_total, help: X., type: counter, value: v, aggregate: avg}",
      "4:79: mapping.aggregate: a counter is a count, a sum or the last value"
    ),
    Case(
      "mapping: {metric: kore_x, help: X., value: v, format: timestamp}",
      "4:19: mapping.metric: \"kore_x\" must end in _timestamp_seconds for this format"
    ),
    Case(
      "mapping: {metric: kore_x_timestamp_seconds, help: X., value: v, aggregate: sum}",
      "4:76: mapping.aggregate: times are combined by min, max or last"
    ),
    Case(
      "mapping: {metric: kore_x, help: X., labels: {a: client_id}}",
      "4:45: mapping.labels: the column \"client_id\" would put identifiers into the label \"a\": take "
        + "another column, list the values that may be shown below allow, or set allow_identifiers: true"
    ),
    Case(
      "mapping: {metric: kore_x, help: X., labels: {a: x, b: y}, allow: [z]}",
      "4:66: mapping.allow: name the label: allow: {label: [value]}"
    ),
    Case(
      "mapping: {metric: kore_x, help: X., labels: {a: x}, allow: {b: [z]}}",
      "4:61: mapping.allow.b: unknown key"
    ),
    Case(
      "mapping: {metric: kore_x, help: X., labels: {a: x}, values: [z]}",
      "4:61: mapping.values: must be a mapping of names to texts, not a list"
    ),
    Case(
      "mapping: {metric: kore_x, help: X., labels: {a: x}, values: {b: {z: y}}}",
      "4:62: mapping.values.b: unknown key"
    ),
  ]

  @Test(arguments: settings + readers)
  func lines(_ item: Case) throws {
    #expect(try SettingsDocument(item.text).issues == item.issues)
  }

  struct HeadCase: Sendable {
    let head: String
    let issue: String
  }

  @Test(arguments: [
    HeadCase(head: "vendor: kore\nurl: https://h", issue: "1:1: name: missing"),
    HeadCase(head: "name: a\nvendor: kore", issue: "1:1: url: missing"),
    HeadCase(
      head: "name: Support Team\nvendor: kore\nurl: https://h",
      issue: "1:7: name: a name has only a-z, 0-9, \"_\" and \"-\""
    ),
    HeadCase(head: "name: \"\"\nvendor: kore\nurl: https://h", issue: "1:7: name: is empty"),
    HeadCase(
      head: "name: a\nvendor: kore\nurl: ftp://h",
      issue: "3:6: url: must be an absolute URL that begins with https:// or http://, not "
        + "\"ftp://h\""
    ),
    HeadCase(
      head: "name: a\nvendor: kore\nurl: https://u:hunter2@h",
      issue: "3:6: url: must not hold a user name or a password; credentials have their own keys"
    ),
    HeadCase(
      head: "name: a\nvendor: kore\nurl: https://h/?key=hunter2",
      issue: "3:6: url: must not have a query or a fragment"
    ),
  ])
  func heads(_ item: HeadCase) throws {
    let document = try SettingsDocument("", head: item.head)
    #expect(document.issues == ["config.yaml:\(item.issue)"])
  }

  @Test func staleAfterFromTheDefaultsIsNamed() throws {
    let document = try SettingsDocument("interval: 1h", defaults: "stale_after: 10m")
    #expect(
      document.issues == [
        "config.yaml:1:1: stale_after, from defaults, is shorter than the interval: samples would "
          + "vanish between two polls"
      ]
    )
  }

  /// Everything that is wrong is told at once, in the file's order.
  @Test func allErrorsAtOnce() throws {
    let document = try SettingsDocument(
      "interval: x\ntimeout: y\nlabels: {__a: b}\nrate_limit: [{}]\nwhat: 1\n",
      head: "vendor: kore\n"
    )
    let places = document.issues.map { $0.split(separator: ": ")[1] }
    #expect(
      places == [
        "name", "url", "interval", "timeout", "labels", "rate_limit[0].requests",
        "rate_limit[0].per", "what",
      ]
    )
  }

  @Test func noMessageShowsASecret() {
    let lines: [String] = Array(SettingsErrorTests.settings.map(\.issues).joined())
    let telling = lines.filter { $0.contains("hunter2") }
    #expect(telling.isEmpty)
    #expect(SettingsErrorTests.settings.count + SettingsErrorTests.readers.count >= 40)
  }
}

import CollectorKit
import HTTPTransport
import Scheduling
import TestSupport
import Testing

@testable import ExporterCore

/// Random configurations: accepted or refused with lines that name a place, never a trap.
@Suite struct ConfigurationFuzzTests {
  private static let scalars = [
    "1m", "0", "-1", "5", "1.5", "true", "null", "~", "\"\"", "a", "x y", "[]", "{}", "[1, [2]]",
    "{a: {b: c}}", "daily", "all", "[daily, daily]", "[{name: all}, {name: all}]", "1e400",
    "99999999999999999999", "\"\\u0000\"", "Asia/Kolkata", "\"+03:00\"", "http://h/", "💥", "2y",
    "[{id: x}]", "[{requests: 1, per: 1s}]", "{response: {threshold: 1s, objective: 1}}", "&a [*a]",
  ]

  private static let keys = [
    "interval", "timeout", "stale_after", "catch_up", "max_response_size", "labels", "proxy_url",
    "no_proxy", "tls_config", "http_headers", "rate_limit", "timezone_offset", "timezone",
    "periods", "sla", "views", "cards", "dashboards", "reports", "departments", "charts",
    "channels", "widgets", "jwt", "api_key", "auth_token", "user_id", "bot_id", "token", "name",
    "vendor", "url", "nonsense",
  ]

  @Test func randomConfigurations() {
    var state = SplitMix64(seed: 20_260_110)
    var accepted = 0
    for _ in 0..<1500 {
      let vendor =
        ["experia", "samespace", "rocketchat", "kore"].randomElement(using: &state) ?? ""
      var lines = [
        "name: t", "vendor: \(vendor)", "url: \"http://t.test\"",
        ConfigurationFuzzTests.credentials[vendor] ?? "",
      ]
      for _ in 0..<Int.random(in: 0...3, using: &state) {
        let key = ConfigurationFuzzTests.keys.randomElement(using: &state) ?? ""
        lines.append("\(key): \(ConfigurationFuzzTests.scalars.randomElement(using: &state) ?? "")")
      }
      let text = "targets:\n  - " + lines.joined(separator: "\n    ") + "\n"
      let errors = ConfigurationText.errors(text)
      if errors.isEmpty { accepted += 1 }
      #expect(
        errors.allSatisfy { $0.hasPrefix("config.yaml:") && !$0.contains("s3cr3t") },
        "\(text)"
      )
    }
    #expect(accepted > 100)
  }

  private static let credentials = [
    "experia": "api_key: s3cr3t-1",
    "samespace": "api_key: s3cr3t-2\n    dashboards: [{id: d}]",
    "rocketchat": "user_id: u\n    auth_token: s3cr3t-3",
    "kore": "bot_id: st-1\n    token: s3cr3t-4",
  ]

  /// Random configurations that are right are polled against answers of every kind.
  @Test func validConfigurationsPoll() async throws {
    var random = SplitMix64(seed: 99)
    let answers = [
      "", "{}", "[]", "null", "<html>", "{\"status\":\"SUCCESS\"}", "{\"success\":true}",
      "{\"data\":null}", "{\"errors\":[]}",
      "{\"results\":[{\"date\":\"Jan 10 2026\",\"users\":3}]}",
      "{\"chartLabel\":\"x\",\"dataLabels\":[\"1/9\",\"1/10\"],\"dataPoints\":[1,2],\"success\":true}",
      "{\"status\":\"SUCCESS\",\"totalSessions\":-1,\"CSAT\":true,\"peakTime\":5,\"sla\":[]}",
    ]
    for round in 0..<60 {
      var text = "targets:\n"
      for index in 0..<Int.random(in: 1...5, using: &random) {
        let labels = ["", ", labels: {a: \"\\\"\\n\\\\\"}", ", labels: {b: ü}"]
        text += ConfigurationText.experia(
          "e\(index)",
          key: "k-\(Int.random(in: 0...1, using: &random))",
          more: ", periods: [daily, weekly, monthly, yearly]"
            + (labels.randomElement(using: &random) ?? "")
        )
        text +=
          "  - {name: r\(index), vendor: rocketchat, url: \"http://r\(index)\", user_id: u\(index), "
          + "auth_token: t}\n"
        text +=
          "  - {name: k\(index), vendor: kore, url: \"http://k\", bot_id: st-\(index), "
          + "token: t}\n"
        text +=
          "  - {name: s\(index), vendor: samespace, url: \"http://s\", api_key: k, "
          + "dashboards: [{id: d}]}\n"
      }
      let offset = Int.random(in: 0..<answers.count, using: &random)
      let bench = try AgentBench(text) { _, index throws(TransportError) in
        HTTPClientResponse(
          status: 200,
          body: Array(answers[(index + offset) % answers.count].utf8)
        )
      }
      _ = await bench.agent.scheduler.pollOnce()
      let exposition = Exposed(bench.endpoint.text())
      #expect(exposition.types["cx_exporter_target_up"] == "gauge", "round \(round)")
      #expect(exposition.duplicates.isEmpty)
      #expect(bench.problems.isEmpty)
    }
  }
}

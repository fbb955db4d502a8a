import CollectorKit
import HTTPListener
import HTTPTransport
import Scheduling
import TestSupport
import Testing

@testable import ExporterCore

/// The status page tells an operator at three in the morning what is wrong, and nothing more.
@Suite struct StatusPageTests {
  private static let configuration = """
    targets:
      - name: support
        vendor: experia
        url: http://vendor.test
        api_key: experia-secret-key
        sla:
          response: {threshold: 30s, objective: 0.90}
          waiting: {threshold: 2m, objective: 0.90}
          service: {threshold: 1m}
    """
  private static let healthy =
    #"{"status": "SUCCESS", "totalSessions": 12480, "averageWaitingTime": "00 00:03:05","#
    + #" "sla": {"response": 85.5, "waiting": 92.3, "service": 78.2}}"#

  /// An agent at a vendor that always gives that answer.
  private func bench(
    _ body: String,
    status: Int = 200,
    configuration: String = StatusPageTests.configuration
  ) throws -> AgentBench {
    try AgentBench(configuration) { _, _ throws(TransportError) in
      HTTPClientResponse(status: status, body: Array(body.utf8))
    }
  }

  private func answer(_ bench: AgentBench, query: [(String, String)] = []) -> HTTPResponse {
    let request = HTTPRequest(
      method: "GET",
      path: "/",
      query: query.map { (name: $0.0, value: $0.1) }
    )
    return StatusPage(agent: bench.agent, telemetryPath: "/metrics").answer(request)
  }

  private func page(_ bench: AgentBench, query: [(String, String)] = []) -> String {
    String(decoding: answer(bench, query: query).body.flatMap { $0 }, as: UTF8.self)
  }

  @Test func showsComplianceAgainstObjective() async throws {
    let bench = try bench(StatusPageTests.healthy)
    _ = await bench.agent.scheduler.pollOnce()
    let text = page(bench)
    #expect(text.contains("<title>The target is up, 1 service level missed – cx_exporter</title>"))
    #expect(text.contains("Service levels <small>1 missed, 1 kept</small>"))
    #expect(text.contains("<bdi>Response SLA</bdi>"))
    #expect(
      text.contains(
        "<p class=\"value\">85.5%</p><p class=\"verdict\"><strong class=\"bad\">"
          + "<i aria-hidden=\"true\">✕</i> missed</strong> <span>at least 90%</span></p>"
      )
    )
    #expect(
      text.contains(
        "<p class=\"value\">92.3%</p><p class=\"verdict\"><strong class=\"good\">"
          + "<i aria-hidden=\"true\">✓</i> kept</strong> <span>at least 90%</span></p>"
      )
    )
  }

  /// Without an objective there is nothing to keep or miss.
  @Test func showsOtherFiguresPlainly() async throws {
    let bench = try bench(StatusPageTests.healthy)
    _ = await bench.agent.scheduler.pollOnce()
    let text = page(bench)
    let figures = try #require(text.firstRange(of: "<h2 id=\"figures\">"))
    let plain = text[figures.upperBound...]
    for expected in [
      "<bdi>Service SLA</bdi>", ">78.2%<", "<bdi>Sessions</bdi>", ">12,480<",
      "<bdi>Waiting time, average</bdi>", ">3 min 5 s<",
    ] {
      #expect(plain.contains(expected), "\(expected)")
    }
  }

  @Test func showsBudgetsAsBars() async throws {
    let bench = try bench(StatusPageTests.healthy)
    _ = await bench.agent.scheduler.pollOnce()
    let text = page(bench)
    #expect(text.contains("200 in 1h"))
    #expect(text.contains("<title>1 of 200 used, 60 planned</title>"))
    #expect(text.contains("<rect class=\"used\" width=\"0.5\" height=\"10\"/>"))
  }

  @Test func saysThatThePlanIsOverTheLimit() throws {
    let text = page(
      try bench(
        "{}",
        configuration: "defaults: {interval: 10s}\n" + StatusPageTests.configuration
      )
    )
    #expect(text.contains("over the limit: polled less often than configured"))
  }

  @Test func showsWhatFailedAsTextAndNoSecret() async throws {
    let bench = try bench(
      #"{"error": "<script>alert('x')</script> & experia-secret-key"}"#,
      status: 500
    )
    _ = await bench.agent.scheduler.pollOnce()
    let text = page(bench)
    #expect(text.contains("<title>1 of 1 target not up – cx_exporter</title>"))
    #expect(text.contains("<i aria-hidden=\"true\">✕</i> down</strong>"))
    #expect(text.contains("Never polled in full."))
    #expect(text.contains("a proxy or firewall before it, answered with an error status"))
    #expect(text.contains("<code>http_status</code>"))
    #expect(text.contains("POST /v2/dashboard view=all period=daily: HTTP 500"))
    #expect(text.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &lt;secret&gt;"))
    #expect(!text.contains("<script"))
    #expect(!text.contains("experia-secret-key"))
  }

  /// Up, then failing while the last values are served, then down.
  @Test func stateFollowsPollsAndStaleness() async throws {
    let failing = OneWay()
    let bench = try AgentBench(StatusPageTests.configuration) { _, _ throws(TransportError) in
      if failing.isSet { throw TransportError(code: .connection, message: "refused") }
      return HTTPClientResponse(status: 200, body: Array(StatusPageTests.healthy.utf8))
    }
    #expect(page(bench).contains("first poll to come"))
    #expect(page(bench).contains("<title>1 of 1 target starting – cx_exporter</title>"))
    _ = await bench.agent.scheduler.pollOnce()
    #expect(page(bench).contains("<i aria-hidden=\"true\">✓</i> up</strong>"))
    failing.set()
    bench.time.advance(by: 60)
    _ = await bench.agent.scheduler.pollOnce()
    let served = page(bench)
    #expect(served.contains("<i aria-hidden=\"true\">!</i> failing</strong>"))
    #expect(served.contains("The last values are served for another 4 min."))
    #expect(served.contains(">85.5%<"))
    bench.time.advance(by: 300)
    let down = page(bench)
    #expect(down.contains("<i aria-hidden=\"true\">✕</i> down</strong>"))
    #expect(down.contains("No gauge of it is served."))
    // The levels stay on the page, without a value, with what they were.
    #expect(down.contains("Service levels <small>2 without a value</small>"))
    #expect(!down.contains("<p class=\"value\">85.5%<"))
    #expect(
      down.contains("last value <time datetime=\"2026-01-10T12:00:00Z\">6 min ago")
    )
  }

  @Test func timesAreInWordsAndInUTC() async throws {
    let bench = try bench(StatusPageTests.healthy)
    _ = await bench.agent.scheduler.pollOnce()
    bench.time.advance(by: 95)
    #expect(
      page(bench).contains(
        "<time datetime=\"2026-01-10T12:00:00Z\">1 min 35 s ago "
          + "<small>12:00:00 UTC</small></time>"
      )
    )
  }

  @Test func renewsItselfOnlyWhereAsked() throws {
    let bench = try bench("{}")
    #expect(!page(bench).contains("http-equiv"))
    #expect(page(bench, query: [("refresh", "30")]).contains(#"http-equiv="refresh" content="30""#))
    for value in ["4", "0", "-1", "3601", "30;url=//evil.test", "1e2", ""] {
      #expect(!page(bench, query: [("refresh", value)]).contains("http-equiv"), "\(value)")
    }
  }

  @Test func thePolicyAllowsTheStyleSheetAndNothingElse() throws {
    let fields = Dictionary(
      uniqueKeysWithValues: answer(try bench("{}")).fields.map { ($0.name, $0.value) }
    )
    let policy = try #require(fields["Content-Security-Policy"])
    let rules = policy.split(separator: "; ").map(String.init)
    #expect(rules.contains("default-src 'none'"))
    #expect(rules.contains(where: { $0.hasPrefix("style-src 'sha256-") }))
    #expect(!policy.contains("unsafe"))
    #expect(!policy.contains("*"))
    #expect(fields["Cache-Control"] == "no-store")
    #expect(fields["X-Content-Type-Options"] == "nosniff")
    #expect(fields["Referrer-Policy"] == "no-referrer")
    #expect(fields["Content-Type"] == "text/html; charset=utf-8")
  }

  /// FIPS 180-4's example "abc", and RFC 4648, section 10.
  @Test func hashes() {
    #expect(
      ContentHash.source(of: Array("abc".utf8))
        == "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"
    )
    let texts = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg=="]
    for (plain, coded) in texts { #expect(ContentHash.base64(Array(plain.utf8)) == coded) }
  }
}

/// Set once, from any thread.
private typealias OneWay = StopFlag

import HTTPListener
import HTTPTransport
import Scheduling
import Testing

@testable import ExporterCore

/// The status page tells an operator at three in the morning what is wrong, and nothing more.
@Suite struct StatusPageTests {
  @Test(arguments: [
    (0, "0 s"), (0.4, "0 s"), (-5, "0 s"), (1, "1 s"), (59.6, "1 min"), (61, "1 min 1 s"),
    (3600, "1 h"), (3661, "1 h 1 min"), (86_400, "1 d"), (90_061, "1 d 1 h"),
    (86_460, "1 d"), (.infinity, "11574074 d 1 h"),
  ])
  func durations(seconds: Double, text: String) {
    #expect(StatusPage.duration(seconds) == text)
  }

  private static let configuration = """
    targets:
      - name: support
        vendor: experia
        url: http://vendor.test
        api_key: experia-secret-key
        sla:
          response: {threshold: 30s, objective: 0.90}
          waiting: {threshold: 2m, objective: 0.90}
    """

  private func page(_ body: String, status: Int = 200) async throws -> String {
    let bench = try AgentBench(StatusPageTests.configuration) { _, _ throws(TransportError) in
      HTTPClientResponse(status: status, body: Array(body.utf8))
    }
    _ = await bench.agent.scheduler.pollOnce()
    let answer = StatusPage(agent: bench.agent, telemetryPath: "/metrics").answer
    #expect(answer.status == 200)
    return String(decoding: answer.body.flatMap { $0 }, as: UTF8.self)
  }

  @Test func showsComplianceAgainstObjective() async throws {
    let text = try await page(
      #"{"status": "SUCCESS", "totalSessions": 9, "sla": {"response": 85.5, "waiting": 92.3}}"#
    )
    #expect(text.contains("1 of 1 targets up"))
    #expect(
      text.contains(
        "<td>response</td><td>85.5 %</td><td>90.0 %</td>"
          + "<td><span class=\"bad\">breached</span></td>"
      )
    )
    #expect(
      text.contains(
        "<td>waiting</td><td>92.3 %</td><td>90.0 %</td>"
          + "<td><span class=\"good\">kept</span></td>"
      )
    )
    #expect(text.contains("200 in 1h"))
    #expect(text.contains("<meter min=\"0\" max=\"200\" value=\"1\">1</meter>"))
  }

  @Test func showsWhatFailedAsTextAndNoSecret() async throws {
    let text = try await page(
      #"{"error": "<script>alert('x')</script> & experia-secret-key"}"#,
      status: 500
    )
    #expect(text.contains("0 of 1 targets up"))
    #expect(text.contains("<span class=\"bad\">down</span>"))
    #expect(text.contains("never"))
    #expect(text.contains("http_status: POST /v2/dashboard view=all period=daily: HTTP 500"))
    #expect(text.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &lt;secret&gt;"))
    #expect(!text.contains("<script"))
    #expect(!text.contains("experia-secret-key"))
  }
}

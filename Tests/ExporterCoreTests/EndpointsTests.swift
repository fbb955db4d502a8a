import HTTPTransport
import Scheduling
import Testing

@testable import ExporterCore

/// The other paths: health, readiness, the landing page.
@Suite struct EndpointsTests {
  private static let one = "targets:\n" + ConfigurationText.experia("a")

  @Test func readinessFollowsTheFirstPolls() async throws {
    let served = try ServedAgent(EndpointsTests.one)
    #expect(try served.client.send("GET", "/-/healthy").status == 200)
    let before = try served.client.send("GET", "/-/ready")
    #expect(before.status == 503)
    #expect(before.text == "cx_exporter is waiting for the first poll of every target.\n")
    _ = await served.bench.agent.scheduler.pollOnce()
    #expect(try served.client.send("GET", "/-/ready").status == 200)
    served.stopping.set()
    let after = try served.client.send("GET", "/-/ready")
    #expect(after.status == 503)
    #expect(after.text == "cx_exporter is stopping.\n")
    #expect(try served.client.send("GET", "/-/healthy").status == 200)
  }

  /// Ready once every target was polled, whatever came of it.
  @Test func aFailedPollMakesReadyAsWell() async throws {
    let served = try ServedAgent(EndpointsTests.one) { _, _ throws(TransportError) in
      throw TransportError(code: .connection, message: "refused")
    }
    _ = await served.bench.agent.scheduler.pollOnce()
    #expect(try served.client.send("GET", "/-/ready").status == 200)
  }

  @Test func theLandingPageEscapesTheTelemetryPath() throws {
    let served = try ServedAgent(EndpointsTests.one, telemetryPath: "/m'&\"<script>")
    let answer = try served.client.send("GET", "/")
    #expect(answer.status == 200)
    #expect(answer.fields["content-type"] == "text/html; charset=utf-8")
    #expect(answer.text.contains("/m&#39;&amp;&quot;&lt;script&gt;"))
    #expect(!answer.text.contains("<script>"))
    #expect(answer.fields["content-security-policy"]?.contains("default-src 'none'") == true)
  }

  @Test(arguments: [
    ("", ""), ("plain ü 💥", "plain ü 💥"), ("<&>\"'", "&lt;&amp;&gt;&quot;&#39;"),
    ("&amp;", "&amp;amp;"),
  ])
  func escaping(_ text: String, _ html: String) {
    #expect(HTMLText.escaped(text) == html)
  }

  @Test func otherPathsAndMethods() throws {
    let served = try ServedAgent(EndpointsTests.one)
    #expect(try served.client.send("GET", "/metrics/").status == 404)
    #expect(try served.client.send("GET", "/Metrics").status == 404)
    let delete = try served.client.send("DELETE", "/")
    #expect(delete.status == 405)
    #expect(delete.fields["allow"] == "GET, HEAD")
  }
}

import CollectorKit
import Glibc
import HTTPListener
import HTTPTransport
import Scheduling
import TestSupport
import Testing

@testable import ExporterCore

/// `/metrics` over a socket.
@Suite struct MetricsEndpointTests {
  private static let two =
    "targets:\n" + ConfigurationText.experia("a", more: ", labels: {brand: \"x\\\"y\"}")
    + ConfigurationText.experia("b", key: "k-2")

  private static let sessions = "experia_period_sessions{target=\"a\",view=\"all\",period=\"daily\""

  @Test func theTextFormat() async throws {
    let served = try ServedAgent(MetricsEndpointTests.two)
    _ = await served.bench.agent.scheduler.pollOnce()
    let answer = try served.client.send("GET", "/metrics")
    #expect(answer.status == 200)
    #expect(answer.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
    #expect(answer.fields["vary"] == "Accept, Accept-Encoding")
    #expect(answer.fields["content-length"] == "\(answer.body.count)")
    #expect(answer.fields["content-encoding"] == nil)
    let exposed = Exposed(answer.body)
    #expect(
      exposed.value("experia_csat_ratio{target=\"b\",view=\"all\",period=\"daily\",brand=\"\"}")
        == 0.625
    )
    #expect(exposed.text.contains("\(MetricsEndpointTests.sessions),brand=\"x\\\"y\"} 48"))
    #expect(exposed.types["experia_sessions_total"] == "counter")
    #expect(exposed.duplicates.isEmpty)
    #expect(!exposed.text.contains("# EOF"))
    #expect(!exposed.text.contains("NaN"))
    #expect(served.bench.problems.isEmpty)
  }

  @Test func openMetrics() async throws {
    let served = try ServedAgent(MetricsEndpointTests.two)
    _ = await served.bench.agent.scheduler.pollOnce()
    // Prometheus' own field.
    let accept =
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
      + "text/plain;version=0.0.4;q=0.3,*/*;q=0.1"
    let answer = try served.client.send("GET", "/metrics", [("Accept", accept)])
    #expect(
      answer.fields["content-type"]
        == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    )
    let exposed = Exposed(answer.body)
    #expect(exposed.types["experia_sessions"] == "counter")
    #expect(exposed.text.contains("# UNIT experia_csat_ratio ratio\n"))
    #expect(exposed.text.hasSuffix("\n# EOF\n"))
    #expect(!exposed.text.contains("_created"))
  }

  @Test func gzipHoldsTheSameText() async throws {
    let served = try ServedAgent(MetricsEndpointTests.two)
    _ = await served.bench.agent.scheduler.pollOnce()
    let answer = try served.client.send("GET", "/metrics", [("Accept-Encoding", "gzip")])
    #expect(answer.fields["content-encoding"] == "gzip")
    #expect(answer.fields["vary"] == "Accept, Accept-Encoding")
    #expect(answer.fields["content-length"] == "\(answer.body.count)")
    let text = try MetricsEndpointTests.gunzip(answer.body)
    #expect(text.count > answer.body.count)
    #expect(Exposed(text).types == (try served.scrape()).types)
    let bare = try served.client.send("GET", "/metrics", [("Accept-Encoding", "gzip;q=0")])
    #expect(bare.fields["content-encoding"] == nil)
  }

  @Test func headHasTheFieldsAlone() async throws {
    let served = try ServedAgent(MetricsEndpointTests.two)
    let answer = try served.client.send("HEAD", "/metrics")
    #expect(answer.status == 200)
    #expect(answer.body.isEmpty)
    #expect(try #require(Int(answer.fields["content-length"] ?? "")) > 1000)
    let post = try served.client.send("POST", "/metrics", [("Content-Length", "0")])
    #expect(post.status == 405)
    #expect(post.fields["allow"] == "GET, HEAD")
  }

  @Test func onlyTheChosenTargets() async throws {
    let served = try ServedAgent(MetricsEndpointTests.two)
    _ = await served.bench.agent.scheduler.pollOnce()
    let one = try served.scrape("?target=b")
    #expect(!one.samples.keys.contains { $0.contains("target=\"a\"") })
    #expect(one.samples.keys.contains { $0.hasPrefix("experia_period_sessions{target=\"b\"") })
    #expect(one.samples.keys.contains { $0.hasPrefix("cx_exporter_target_up{") })
    #expect(one.types["cx_exporter_build_info"] == "gauge")
    let both = try served.scrape("?target=b&target=a")
    #expect(both.count("experia_period_sessions") == 2)
    // A choice does not disturb what everybody else gets.
    #expect(try served.scrape().count("experia_period_sessions") == 2)
  }

  @Test(arguments: ["nobody", "", "a%20", "A", "%3Cscript%3E", "a,b"])
  func anUnknownTargetIsNotFound(_ name: String) throws {
    let served = try ServedAgent(MetricsEndpointTests.two)
    for query in ["?target=\(name)", "?target=a&target=\(name)"] {
      let answer = try served.client.send("GET", "/metrics\(query)")
      #expect(answer.status == 404)
      #expect(answer.fields["content-type"] == "text/plain; charset=utf-8")
      #expect(answer.text.hasPrefix("404: there is no target \""))
      #expect(answer.text.hasSuffix("there are a, b\n"))
    }
  }

  @Test func staleSamplesGoAndCountersStay() async throws {
    let served = try ServedAgent(MetricsEndpointTests.two)
    _ = await served.bench.agent.scheduler.pollOnce()
    let up = "cx_exporter_target_up{vendor=\"experia\",target=\"a\"}"
    served.bench.time.advance(by: 299)
    let fresh = try served.scrape()
    #expect(fresh.count("experia_period_sessions") == 2)
    #expect(fresh.value(up) == 1)
    // Past stale_after; the cache of the generation must not hide it.
    served.bench.time.advance(by: 2)
    let stale = try served.scrape()
    #expect(stale.count("experia_period_sessions") == 0)
    #expect(stale.types["experia_csat_ratio"] == nil)
    #expect(stale.count("experia_sessions_total") == 2)
    #expect(stale.value(up) == 0)
    #expect(stale.value("cx_exporter_target_samples{vendor=\"experia\",target=\"a\"}") == 1)
    _ = await served.bench.agent.scheduler.pollOnce()
    let renewed = try served.scrape()
    #expect(renewed.count("experia_period_sessions") == 2)
    #expect(renewed.value(up) == 1)
  }

  /// A poll's values are there at the next scrape; between polls the encoded bytes serve again.
  @Test func aScrapeIsCachedUntilTheNextPoll() async throws {
    let served = try ServedAgent(MetricsEndpointTests.two)
    let scheduler = served.bench.agent.scheduler
    _ = await scheduler.pollOnce()
    let generation = served.bench.agent.store.generation
    let first = try served.scrape()
    let second = try served.scrape()
    #expect(served.bench.agent.store.generation == generation)
    #expect(MetricsEndpointTests.vendors(first) == MetricsEndpointTests.vendors(second))
    _ = await scheduler.pollOnce()
    #expect(served.bench.agent.store.generation > generation)
    let third = try served.scrape()
    #expect(MetricsEndpointTests.vendors(third) != MetricsEndpointTests.vendors(second))
    // A scrape never asks a vendor.
    #expect(served.bench.http.requests.count == 4)
  }

  private static func vendors(_ exposed: Exposed) -> [String: String] {
    exposed.samples.filter { $0.key.hasPrefix("experia_") }
  }

  @Test func scrapesAreCountedByHandlerAndStatus() throws {
    let served = try ServedAgent(MetricsEndpointTests.two)
    _ = try served.scrape()
    _ = try served.scrape("?target=nobody")
    _ = try served.client.send("GET", "/nowhere")
    let exposed = try served.scrape()
    let name = "cx_exporter_http_requests_total"
    #expect(exposed.value("\(name){handler=\"/metrics\",code=\"200\"}") == 1)
    #expect(exposed.value("\(name){handler=\"/metrics\",code=\"404\"}") == 1)
    #expect(exposed.value("\(name){handler=\"unknown\",code=\"404\"}") == 1)
    #expect(exposed.value("\(name){handler=\"/-/healthy\",code=\"200\"}") == 0)
    #expect(exposed.value("cx_exporter_http_connections") == 1)
  }

  @Test func createdSamplesWhereAskedFor() async throws {
    let bench = try AgentBench(MetricsEndpointTests.two, writesCreated: true)
    _ = await bench.agent.scheduler.pollOnce()
    let request = HTTPRequest(
      method: "GET",
      path: "/metrics",
      fields: [("Accept", "application/openmetrics-text")]
    )
    let answer = Exposed(Array(bench.endpoint.answer(request).body.joined()))
    #expect(answer.text.contains("cx_exporter_http_requests_created{"))
    #expect(!bench.exposed.text.contains("_created"))
  }

  @Test func moreScrapesThanAllowedAreRefused() throws {
    let bench = try AgentBench(MetricsEndpointTests.two, maxRequests: 1)
    let request = HTTPRequest(method: "GET", path: "/metrics")
    do {
      // The answer is under way as long as somebody holds it.
      let first = bench.endpoint.answer(request)
      #expect(bench.endpoint.answer(request).status == 503)
      #expect(first.status == 200)
    }
    #expect(bench.endpoint.answer(request).status == 200)
  }

  /// Decompresses with gzip itself.
  private static func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let path = "/tmp/cx_exporter-test-\(getpid())-\(bytes.count).gz"
    guard let file = unsafe fopen(path, "w") else {
      throw LoopbackClient.Failure(description: path)
    }
    _ = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
    unsafe fclose(file)
    defer { unsafe unlink(path) }
    guard let pipe = unsafe popen("gzip -dc '\(path)'", "r") else {
      throw LoopbackClient.Failure(description: "popen: errno \(errno)")
    }
    var text: [UInt8] = []
    while true {
      let byte = unsafe fgetc(pipe)
      guard byte >= 0 else { break }
      text.append(UInt8(truncatingIfNeeded: byte))
    }
    #expect(unsafe pclose(pipe) == 0)
    return text
  }
}

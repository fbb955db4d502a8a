import CollectorKit
import Exposition
import Glibc
import HTTPListener
import HTTPTransport
import Scheduling
import Testing

@testable import ExporterCore

/// The agent's own families: README, "The agent itself".
@Suite struct AgentFamiliesTests {
  private static let two =
    "targets:\n" + ConfigurationText.experia("a") + ConfigurationText.experia("b", key: "k-2")

  /// Types as text format 0.0.4 writes them: an info is a gauge there.
  static let catalogue = [
    "cx_exporter_build_info": "gauge",
    "cx_exporter_config_last_reload_successful": "gauge",
    "cx_exporter_config_last_reload_success_timestamp_seconds": "gauge",
    "cx_exporter_target_up": "gauge",
    "cx_exporter_target_last_poll_timestamp_seconds": "gauge",
    "cx_exporter_target_last_success_timestamp_seconds": "gauge",
    "cx_exporter_target_stale_after_seconds": "gauge",
    "cx_exporter_target_poll_duration_seconds": "gauge",
    "cx_exporter_target_samples": "gauge",
    "cx_exporter_polls_total": "counter",
    "cx_exporter_poll_failures_total": "counter",
    "cx_exporter_vendor_requests_total": "counter",
    "cx_exporter_vendor_request_duration_seconds": "histogram",
    "cx_exporter_rate_limit_requests": "gauge",
    "cx_exporter_rate_limit_remaining_requests": "gauge",
    "cx_exporter_rate_limit_planned_requests": "gauge",
    "cx_exporter_rate_limit_reset_timestamp_seconds": "gauge",
    "cx_exporter_corrections_total": "counter",
    "cx_exporter_rows_skipped_total": "counter",
    "cx_exporter_series_folded_total": "counter",
  ]

  static let own = [
    "cx_exporter_http_requests_total": "counter",
    "cx_exporter_http_connections": "gauge",
    "process_cpu_seconds_total": "counter",
    "process_resident_memory_bytes": "gauge",
    "process_virtual_memory_bytes": "gauge",
    "process_open_fds": "gauge",
    "process_max_fds": "gauge",
    "process_start_time_seconds": "gauge",
  ]

  @Test func everyFamilyWithItsType() async throws {
    let bench = try AgentBench(AgentFamiliesTests.two)
    _ = await bench.agent.scheduler.pollOnce()
    let exposed = bench.exposed
    for (name, type) in AgentFamiliesTests.catalogue.merging(
      AgentFamiliesTests.own,
      uniquingKeysWith: { $1 }
    ) {
      #expect(exposed.types[name] == type, "\(name)")
      #expect(exposed.text.contains("# HELP \(name) "), "\(name)")
    }
    #expect(exposed.duplicates.isEmpty)
    let families = exposed.types.keys.filter {
      $0.hasPrefix("cx_exporter_") || $0.hasPrefix("process_")
    }
    let known = AgentFamiliesTests.catalogue.count + AgentFamiliesTests.own.count
    #expect(families.count == known, "a family that is not listed here")
  }

  @Test func withoutTheExportersOwnMetrics() async throws {
    let bench = try AgentBench(AgentFamiliesTests.two, showsOwn: false)
    _ = await bench.agent.scheduler.pollOnce()
    let exposed = bench.exposed
    for name in AgentFamiliesTests.own.keys { #expect(exposed.types[name] == nil, "\(name)") }
    for (name, type) in AgentFamiliesTests.catalogue {
      #expect(exposed.types[name] == type, "\(name)")
    }
  }

  /// Every counter exists at 0 from the start for every configured target and reason.
  @Test func countersStartAtZero() throws {
    let exposed = try AgentBench(AgentFamiliesTests.two).exposed
    for target in ["a", "b"] {
      let labels = "vendor=\"experia\",target=\"\(target)\""
      for name in ["polls", "corrections", "rows_skipped", "series_folded"] {
        #expect(exposed.value("cx_exporter_\(name)_total{\(labels)}") == 0)
      }
      for reason in [
        "auth", "rate_limited", "timeout", "connection", "tls", "http_status", "decode",
        "vendor_error", "too_large", "budget",
      ] {
        #expect(
          exposed.value("cx_exporter_poll_failures_total{\(labels),reason=\"\(reason)\"}") == 0
        )
      }
      #expect(exposed.value("cx_exporter_vendor_requests_total{\(labels),code=\"200\"}") == 0)
      #expect(exposed.value("cx_exporter_vendor_request_duration_seconds_count{\(labels)}") == 0)
      #expect(exposed.value("cx_exporter_target_up{\(labels)}") == 0)
      #expect(exposed.value("cx_exporter_target_samples{\(labels)}") == 0)
    }
    #expect(exposed.count("cx_exporter_poll_failures_total") == 20)
    // What has no value yet has no sample, rather than 0.
    #expect(exposed.count("cx_exporter_target_last_poll_timestamp_seconds") == 0)
    #expect(exposed.count("cx_exporter_target_last_success_timestamp_seconds") == 0)
    #expect(exposed.count("cx_exporter_backoff_until_timestamp_seconds") == 0)
  }

  @Test func afterASuccessfulPoll() async throws {
    let bench = try AgentBench(AgentFamiliesTests.two)
    #expect(await bench.agent.scheduler.pollOnce())
    let exposed = bench.exposed
    let labels = "vendor=\"experia\",target=\"a\""
    #expect(exposed.value("cx_exporter_target_up{\(labels)}") == 1)
    #expect(exposed.value("cx_exporter_polls_total{\(labels)}") == 1)
    #expect(exposed.value("cx_exporter_vendor_requests_total{\(labels),code=\"200\"}") == 1)
    #expect(
      exposed.value("cx_exporter_target_last_success_timestamp_seconds{\(labels)}")
        == AgentBench.start
    )
    // sessions (gauge and counter), CSAT, peak time and the period's start.
    #expect(exposed.value("cx_exporter_target_samples{\(labels)}") == 5)
    let budget = "vendor=\"experia\",budget=\"a\",window=\"1h\""
    #expect(exposed.value("cx_exporter_rate_limit_requests{\(budget)}") == 200)
    #expect(exposed.value("cx_exporter_rate_limit_remaining_requests{\(budget)}") == 199)
    #expect(exposed.value("cx_exporter_rate_limit_planned_requests{\(budget)}") == 60)
    #expect(
      exposed.value("cx_exporter_rate_limit_reset_timestamp_seconds{\(budget)}")
        == AgentBench.start
    )
  }

  @Test func afterAFailedPoll() async throws {
    let bench = try AgentBench(AgentFamiliesTests.two) { request, _ throws(TransportError) in
      if request.url.hasPrefix("http://a.test") {
        throw TransportError(code: .tls, message: "certificate has expired")
      }
      return HTTPClientResponse(status: 401)
    }
    #expect(await bench.agent.scheduler.pollOnce() == false)
    let exposed = bench.exposed
    let first = "vendor=\"experia\",target=\"a\""
    let second = "vendor=\"experia\",target=\"b\""
    #expect(exposed.value("cx_exporter_target_up{\(first)}") == 0)
    #expect(exposed.value("cx_exporter_poll_failures_total{\(first),reason=\"tls\"}") == 1)
    #expect(exposed.value("cx_exporter_poll_failures_total{\(second),reason=\"auth\"}") == 1)
    #expect(exposed.value("cx_exporter_vendor_requests_total{\(first),code=\"tls\"}") == 1)
    #expect(exposed.value("cx_exporter_vendor_requests_total{\(second),code=\"401\"}") == 1)
    #expect(exposed.value("cx_exporter_vendor_requests_total{\(second),code=\"200\"}") == 0)
    #expect(
      exposed.value("cx_exporter_target_last_poll_timestamp_seconds{\(first)}")
        == AgentBench.start
    )
    #expect(exposed.count("cx_exporter_target_last_success_timestamp_seconds") == 0)
  }

  @Test func buildInfoIsAnInfo() throws {
    let bench = try AgentBench(AgentFamiliesTests.two)
    let answer = bench.endpoint.answer(
      .init(
        method: "GET",
        path: "/metrics",
        fields: [("Accept", "application/openmetrics-text; version=1.0.0")]
      )
    )
    let exposed = Exposed(Array(answer.body.joined()))
    #expect(exposed.types["cx_exporter_build"] == "info")
    #expect(exposed.text.contains("cx_exporter_build_info{version=\"\(Version.number)\",revision="))
    #expect(exposed.text.hasSuffix("# EOF\n"))
  }

  /// The process against what the kernel itself says of it.
  @Test func processFamiliesArePlausible() throws {
    let families = ProcessFamilies(started: 1_768_046_400).families
    func value(_ name: String) throws -> Double {
      let family = try #require(families.first { $0.name == name })
      return try #require(family.samples.first).value
    }
    #expect(families.count == 6)
    #expect(ExpositionValidator().problems(in: families).isEmpty)
    #expect(try value("process_start_time_seconds") == 1_768_046_400)
    let cpu = try value("process_cpu_seconds_total")
    #expect(cpu > 0 && cpu < 86_400)
    let resident = try value("process_resident_memory_bytes")
    let virtual = try value("process_virtual_memory_bytes")
    // A test runner has a few megabytes at least, and never more resident than mapped.
    #expect(resident > 1_000_000 && resident <= virtual)
    let open = try value("process_open_fds")
    let most = try value("process_max_fds")
    // The three standard streams at least.
    #expect(open >= 3 && open <= most)
    var limit = rlimit()
    #expect(unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    #expect(most == Double(limit.rlim_cur))
  }
}

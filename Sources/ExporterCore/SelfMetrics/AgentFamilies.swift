import CollectorKit
import Exposition
import HTTPListener
import Ledger
import Scheduling

/// The agent's own families, made afresh for every scrape: they are few.
struct AgentFamilies: Sendable {
  let agent: Agent
  let http: HTTPStatistics
  /// Nil where `--web.disable-exporter-metrics` is on, or where nothing listens.
  let connections: ConnectionGauge?
  let process: ProcessFamilies?

  /// The families, sorted by name; only the chosen targets' where some are chosen.
  func current(targets: Set<String>?) -> [MetricFamily] {
    var families = AgentFamilies.build + configuration + about(targets: targets)
    if let storage = agent.storage {
      families.append(
        MetricFamily(
          name: "cx_exporter_storage_errors_total",
          type: .counter,
          help: "How often the counters' folder refused something; counters go on in memory.",
          samples: [
            Sample(labels: LabelSet(), value: Double(storage.errors), created: agent.started)
          ]
        )
      )
    }
    families += BudgetFamilies(budgets: agent.scheduler.budgets, now: agent.time.unixTime).families
    if let connections {
      families.append(
        MetricFamily(
          name: "cx_exporter_http_connections",
          type: .gauge,
          help: "Connections that the listener serves now.",
          samples: [Sample(labels: LabelSet(), value: Double(connections.value))]
        )
      )
      families.append(requests)
    }
    families += process?.families ?? []
    return families.sorted { $0.name < $1.name }
  }

  /// The families about targets, their polls and requests.
  func about(targets: Set<String>?) -> [MetricFamily] {
    let statuses = agent.scheduler.statuses.filter { status in
      targets?.contains(status.settings.name) ?? true
    }
    return TargetFamilies(statuses: statuses, store: agent.store, uptime: agent.time.uptime)
      .families.sorted { $0.name < $1.name }
  }

  private static var build: [MetricFamily] {
    [
      MetricFamily(
        name: "cx_exporter_build_info",
        type: .info,
        help: "The version and the commit that this agent is built from.",
        samples: [
          Sample(
            labels: [
              "version": Version.number, "revision": Version.revision,
              "swift_version": Version.swift,
            ],
            value: 1
          )
        ]
      )
    ]
  }

  private var configuration: [MetricFamily] {
    let status = agent.reloadStatus
    return [
      MetricFamily(
        name: "cx_exporter_config_last_reload_successful",
        type: .gauge,
        help: "Whether the last attempt to load the configuration succeeded.",
        samples: [Sample(labels: LabelSet(), value: status.isGood ? 1 : 0)]
      ),
      MetricFamily(
        name: "cx_exporter_config_last_reload_success_timestamp_seconds",
        type: .gauge,
        help: "When the configuration in force was loaded.",
        samples: [Sample(labels: LabelSet(), value: status.loaded)]
      ),
    ]
  }

  private var requests: MetricFamily {
    MetricFamily(
      name: "cx_exporter_http_requests_total",
      type: .counter,
      help: "Requests that the listener answered, by handler and status.",
      samples: http.current.map { key, count in
        Sample(
          labels: ["handler": key.handler, "code": String(key.status)],
          value: Double(count),
          created: agent.started
        )
      }
    )
  }
}

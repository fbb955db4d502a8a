import CollectorKit
import Exposition
import Scheduling

/// The families about targets, their polls and their requests.
struct TargetFamilies {
  let statuses: [TargetStatus]
  let store: SnapshotStore
  let uptime: Double

  var families: [MetricFamily] {
    gauges + counters + [failures, requests, durations]
  }

  private var gauges: [MetricFamily] {
    [
      gauge(
        "cx_exporter_target_up",
        "Whether the target's last poll succeeded in full and its samples are not stale."
      ) { $0.isUp ? 1 : 0 },
      gauge("cx_exporter_target_last_poll_timestamp_seconds", "When the target's last poll ended.")
      { $0.values.lastPoll },
      gauge(
        "cx_exporter_target_last_success_timestamp_seconds",
        "When the target's last poll without a failure ended."
      ) { $0.values.lastSuccess },
      gauge(
        "cx_exporter_target_stale_after_seconds",
        "How old a sample of the target may grow before it is no longer served (configuration); "
          + "three intervals for what has a longer interval of its own."
      ) { $0.settings.staleAfter },
      gauge(
        "cx_exporter_target_poll_duration_seconds",
        "How long the target's last poll took, waiting for the request budget included."
      ) { $0.values.lastDuration },
      gauge("cx_exporter_target_samples", "Series that are served for the target now.") {
        Double(store.seriesCount(of: $0.settings.name, at: uptime))
      },
      gauge(
        "cx_exporter_backoff_until_timestamp_seconds",
        "When a target that backs off after a failure is polled again; absent while it does not."
      ) { $0.values.backoffUntil },
    ]
  }

  private var counters: [MetricFamily] {
    [
      counter("cx_exporter_polls_total", "Polls of the target that ended.") { $0.polls },
      counter(
        "cx_exporter_corrections_total",
        "Period-to-date totals that the vendor corrected downwards; counters do not fall."
      ) { $0.corrections },
      counter(
        "cx_exporter_rows_skipped_total",
        "Fields and rows of the vendor's answers that could not be read and were left out."
      ) { $0.rowsSkipped },
      counter(
        "cx_exporter_series_folded_total",
        "Series past a mapping's max_series that were folded into the label value other."
      ) { $0.seriesFolded },
    ]
  }

  private var failures: MetricFamily {
    MetricFamily(
      name: "cx_exporter_poll_failures_total",
      type: .counter,
      help: "Polls of the target that failed, by reason.",
      samples: statuses.flatMap { status in
        FailureReason.allCases.map { reason in
          Sample(
            labels: status.labels.adding("reason", reason.rawValue),
            value: Double(status.values.failures[reason] ?? 0)
          )
        }
      }
    )
  }

  private var requests: MetricFamily {
    MetricFamily(
      name: "cx_exporter_vendor_requests_total",
      type: .counter,
      help: "Requests sent to the vendor, by status, or by what failed where there was no answer.",
      samples: statuses.flatMap { status in
        status.values.requests.merging(["200": 0]) { known, _ in known }
          .sorted { $0.key < $1.key }
          .map { code, count in
            Sample(labels: status.labels.adding("code", code), value: Double(count))
          }
      }
    )
  }

  private var durations: MetricFamily {
    MetricFamily(
      name: "cx_exporter_vendor_request_duration_seconds",
      help: "How long requests to the vendor took.",
      histograms: statuses.map { status in
        var total = 0
        let bounds = TargetStatistics.durationBounds + [.infinity]
        let buckets = zip(bounds, status.values.durationCounts).map { bound, count in
          total += count
          return HistogramSample.Bucket(upperBound: bound, cumulativeCount: Double(total))
        }
        return HistogramSample(
          labels: status.labels,
          buckets: buckets,
          sum: status.values.durationSum
        )
      }
    )
  }

  private func gauge(
    _ name: String,
    _ help: String,
    _ value: (TargetStatus) -> Double?
  ) -> MetricFamily {
    MetricFamily(
      name: name,
      type: .gauge,
      help: help,
      samples: statuses.compactMap { status in
        value(status).map { Sample(labels: status.labels, value: $0) }
      }
    )
  }

  private func counter(
    _ name: String,
    _ help: String,
    _ value: (TargetStatistics.Values) -> Int
  ) -> MetricFamily {
    MetricFamily(
      name: name,
      type: .counter,
      help: help,
      samples: statuses.map {
        Sample(labels: $0.labels, value: Double(value($0.values)))
      }
    )
  }
}

extension TargetStatus {
  /// The labels of every family about a target.
  fileprivate var labels: LabelSet {
    ["vendor": settings.vendor, "target": settings.name]
  }
}

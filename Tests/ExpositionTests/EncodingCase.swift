import Exposition
import Testing

/// Families and the whole text that each format must give for them.
struct EncodingCase: CustomTestStringConvertible, Sendable {
  let name: String
  let families: [MetricFamily]
  let text: String
  let openMetrics: String

  var testDescription: String { name }

  /// What an encoder writes, as text.
  static func encoded(
    _ families: [MetricFamily],
    as format: ExpositionFormat,
    writesCreated: Bool = false
  ) -> String {
    let encoder = ExpositionEncoder(format: format, writesCreated: writesCreated)
    var output: [UInt8] = []
    encoder.encode(families, into: &output)
    encoder.encodeEnd(into: &output)
    return String(decoding: output, as: UTF8.self)
  }

  /// One histogram series whose buckets have the bounds 0.5, 1 and infinity.
  static func histogram(
    _ labels: LabelSet,
    _ counts: (Double, Double, Double),
    sum: Double,
    created: Double? = nil
  ) -> HistogramSample {
    HistogramSample(
      labels: labels,
      buckets: [
        .init(upperBound: 0.5, cumulativeCount: counts.0),
        .init(upperBound: 1, cumulativeCount: counts.1),
        .init(upperBound: .infinity, cumulativeCount: counts.2),
      ],
      sum: sum,
      created: created
    )
  }

  static let all: [EncodingCase] = [
    EncodingCase(name: "nothing", families: [], text: "", openMetrics: "# EOF\n"),
    EncodingCase(
      name: "families without a series",
      families: [
        MetricFamily(name: "a", type: .gauge, help: "A."),
        MetricFamily(name: "b_seconds", help: "B.", histograms: []),
      ],
      text: "",
      openMetrics: "# EOF\n"
    ),
    EncodingCase(
      name: "gauge",
      families: [
        MetricFamily(
          name: "experia_csat_ratio",
          type: .gauge,
          help: "Satisfaction.",
          samples: [
            Sample(labels: ["target": "support", "view": "all"], value: 0.855),
            Sample(labels: ["target": "support", "view": "wa"], value: 1),
          ]
        )
      ],
      text: """
        # HELP experia_csat_ratio Satisfaction.
        # TYPE experia_csat_ratio gauge
        experia_csat_ratio{target="support",view="all"} 0.855
        experia_csat_ratio{target="support",view="wa"} 1

        """,
      openMetrics: """
        # TYPE experia_csat_ratio gauge
        # UNIT experia_csat_ratio ratio
        # HELP experia_csat_ratio Satisfaction.
        experia_csat_ratio{target="support",view="all"} 0.855
        experia_csat_ratio{target="support",view="wa"} 1
        # EOF

        """
    ),
    EncodingCase(
      name: "counter",
      families: [
        MetricFamily(
          name: "process_cpu_seconds_total",
          type: .counter,
          help: "CPU time.",
          samples: [Sample(labels: [:], value: 4_200_722.46, created: 1_605_281_325)]
        )
      ],
      text: """
        # HELP process_cpu_seconds_total CPU time.
        # TYPE process_cpu_seconds_total counter
        process_cpu_seconds_total 4200722.46

        """,
      openMetrics: """
        # TYPE process_cpu_seconds counter
        # UNIT process_cpu_seconds seconds
        # HELP process_cpu_seconds CPU time.
        process_cpu_seconds_total 4200722.46
        # EOF

        """
    ),
    EncodingCase(
      name: "info, without a unit whatever its name",
      families: [
        MetricFamily(
          name: "disk_bytes_info",
          type: .info,
          help: "Build.",
          samples: [Sample(labels: ["version": "1.2"], value: 1)]
        )
      ],
      text: """
        # HELP disk_bytes_info Build.
        # TYPE disk_bytes_info gauge
        disk_bytes_info{version="1.2"} 1

        """,
      openMetrics: """
        # TYPE disk_bytes info
        # HELP disk_bytes Build.
        disk_bytes_info{version="1.2"} 1
        # EOF

        """
    ),
    EncodingCase(
      name: "unknown",
      families: [
        MetricFamily(
          name: "samespace_stat_value",
          type: .unknown,
          help: "Value.",
          samples: [Sample(labels: [:], value: -3)]
        )
      ],
      text: """
        # HELP samespace_stat_value Value.
        # TYPE samespace_stat_value untyped
        samespace_stat_value -3

        """,
      openMetrics: """
        # TYPE samespace_stat_value unknown
        # HELP samespace_stat_value Value.
        samespace_stat_value -3
        # EOF

        """
    ),
    EncodingCase(
      name: "histogram",
      families: [
        MetricFamily(
          name: "wait_seconds",
          help: "Waiting.",
          histograms: [
            histogram(["view": "a"], (1, 2, 3), sum: 4.5),
            histogram([:], (0, 0, 0), sum: 0),
          ]
        )
      ],
      text: """
        # HELP wait_seconds Waiting.
        # TYPE wait_seconds histogram
        wait_seconds_bucket{view="a",le="0.5"} 1
        wait_seconds_bucket{view="a",le="1"} 2
        wait_seconds_bucket{view="a",le="+Inf"} 3
        wait_seconds_sum{view="a"} 4.5
        wait_seconds_count{view="a"} 3
        wait_seconds_bucket{le="0.5"} 0
        wait_seconds_bucket{le="1"} 0
        wait_seconds_bucket{le="+Inf"} 0
        wait_seconds_sum 0
        wait_seconds_count 0

        """,
      openMetrics: """
        # TYPE wait_seconds histogram
        # UNIT wait_seconds seconds
        # HELP wait_seconds Waiting.
        wait_seconds_bucket{view="a",le="0.5"} 1
        wait_seconds_bucket{view="a",le="1.0"} 2
        wait_seconds_bucket{view="a",le="+Inf"} 3
        wait_seconds_sum{view="a"} 4.5
        wait_seconds_count{view="a"} 3
        wait_seconds_bucket{le="0.5"} 0
        wait_seconds_bucket{le="1.0"} 0
        wait_seconds_bucket{le="+Inf"} 0
        wait_seconds_sum 0
        wait_seconds_count 0
        # EOF

        """
    ),
    EncodingCase(
      name: "escaping in HELP and in label values",
      families: [
        MetricFamily(
          name: "a",
          type: .gauge,
          help: "back\\slash \"quote\" line\nfeed",
          samples: [
            Sample(labels: ["l": "back\\slash \"quote\" line\nfeed", "m": ""], value: 1),
            Sample(labels: ["l": "\\n", "m": "žluť 🐎 \t"], value: 2),
          ]
        )
      ],
      text: #"""
        # HELP a back\\slash "quote" line\nfeed
        # TYPE a gauge
        a{l="back\\slash \"quote\" line\nfeed",m=""} 1
        a{l="\\n",m="žluť 🐎 TAB"} 2

        """#.replacing("TAB", with: "\t"),
      openMetrics: #"""
        # TYPE a gauge
        # HELP a back\\slash \"quote\" line\nfeed
        a{l="back\\slash \"quote\" line\nfeed",m=""} 1
        a{l="\\n",m="žluť 🐎 TAB"} 2
        # EOF

        """#.replacing("TAB", with: "\t")
    ),
    EncodingCase(
      name: "no HELP line without a HELP text",
      families: [
        MetricFamily(
          name: "a",
          type: .gauge,
          help: "",
          samples: [Sample(labels: [:], value: 1)]
        )
      ],
      text: "# TYPE a gauge\na 1\n",
      openMetrics: "# TYPE a gauge\na 1\n# EOF\n"
    ),
    EncodingCase(
      name: "a unit must follow an underscore and is looked for without _total",
      families: ["seconds", "a_bytes_total", "a_bytes_used"].map {
        MetricFamily(
          name: $0,
          type: $0.hasSuffix("_total") ? .counter : .gauge,
          help: "A.",
          samples: [Sample(labels: [:], value: 1)]
        )
      },
      text: """
        # HELP seconds A.
        # TYPE seconds gauge
        seconds 1
        # HELP a_bytes_total A.
        # TYPE a_bytes_total counter
        a_bytes_total 1
        # HELP a_bytes_used A.
        # TYPE a_bytes_used gauge
        a_bytes_used 1

        """,
      openMetrics: """
        # TYPE seconds gauge
        # HELP seconds A.
        seconds 1
        # TYPE a_bytes counter
        # UNIT a_bytes bytes
        # HELP a_bytes A.
        a_bytes_total 1
        # TYPE a_bytes_used gauge
        # HELP a_bytes_used A.
        a_bytes_used 1
        # EOF

        """
    ),
    EncodingCase(
      name: "names without their type's suffix are unknown in OpenMetrics",
      families: [
        MetricFamily(
          name: "a",
          type: .counter,
          help: "A.",
          samples: [Sample(labels: [:], value: 1, created: 5)]
        ),
        MetricFamily(
          name: "_total",
          type: .counter,
          help: "T.",
          samples: [Sample(labels: [:], value: 1)]
        ),
        MetricFamily(
          name: "b",
          type: .info,
          help: "B.",
          samples: [Sample(labels: [:], value: 1)]
        ),
      ],
      text: """
        # HELP a A.
        # TYPE a counter
        a 1
        # HELP _total T.
        # TYPE _total counter
        _total 1
        # HELP b B.
        # TYPE b gauge
        b 1

        """,
      openMetrics: """
        # TYPE a unknown
        # HELP a A.
        a 1
        # TYPE _total unknown
        # HELP _total T.
        _total 1
        # TYPE b unknown
        # HELP b B.
        b 1
        # EOF

        """
    ),
  ]
}

import Exposition
import Testing

@Suite struct EncoderTests {
  @Test(arguments: EncodingCase.all)
  func text(_ example: EncodingCase) {
    #expect(EncodingCase.encoded(example.families, as: .text) == example.text)
  }

  @Test(arguments: EncodingCase.all)
  func openMetrics(_ example: EncodingCase) {
    #expect(EncodingCase.encoded(example.families, as: .openMetrics) == example.openMetrics)
  }

  private static let started = [
    MetricFamily(
      name: "calls_total",
      type: .counter,
      help: "Calls.",
      samples: [
        Sample(labels: ["a": "x"], value: 2, created: 1_605_281_325.25),
        Sample(labels: ["a": "y"], value: 3),
        Sample(labels: ["a": "z"], value: 4, created: .nan),
      ]
    ),
    MetricFamily(
      name: "level",
      type: .gauge,
      help: "Level.",
      samples: [Sample(labels: [:], value: 1, created: 7)]
    ),
    MetricFamily(
      name: "wait_seconds",
      help: "Waiting.",
      histograms: [EncodingCase.histogram([:], (1, 1, 2), sum: 3, created: 1_605_281_325)]
    ),
  ]

  @Test func createdSamplesFollowTheirSeriesWhereAskedFor() {
    let expected = """
      # TYPE calls counter
      # HELP calls Calls.
      calls_total{a="x"} 2
      calls_created{a="x"} 1605281325.25
      calls_total{a="y"} 3
      calls_total{a="z"} 4
      # TYPE level gauge
      # HELP level Level.
      level 1
      # TYPE wait_seconds histogram
      # UNIT wait_seconds seconds
      # HELP wait_seconds Waiting.
      wait_seconds_bucket{le="0.5"} 1
      wait_seconds_bucket{le="1.0"} 1
      wait_seconds_bucket{le="+Inf"} 2
      wait_seconds_sum 3
      wait_seconds_count 2
      wait_seconds_created 1605281325
      # EOF

      """
    #expect(
      EncodingCase.encoded(EncoderTests.started, as: .openMetrics, writesCreated: true) == expected
    )
  }

  @Test func textHasNoCreatedSamples() {
    let plain = EncodingCase.encoded(EncoderTests.started, as: .text)
    #expect(EncodingCase.encoded(EncoderTests.started, as: .text, writesCreated: true) == plain)
    #expect(!plain.contains("_created"))
  }

  /// Values as the exposition formats allow them; `-0` keeps its sign.
  @Test(
    arguments: [
      (0.0, "0"), (-0.0, "-0"), (1, "1"), (-1, "-1"), (10, "10"), (1_000_000, "1000000"),
      (9_007_199_254_740_992, "9007199254740992"), (-9_007_199_254_740_992, "-9007199254740992"),
      (0.1, "0.1"), (-2.5, "-2.5"), (1.0 / 3, "0.3333333333333333"), (0.00001, "1e-05"),
      (123_456_789.125, "123456789.125"), (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"),
      (1.7976931348623157e308, "1.7976931348623157e+308"), (0.1 + 0.2, "0.30000000000000004"),
      (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
    ] as [(Double, String)]
  )
  func value(_ value: Double, _ expected: String) {
    let family = MetricFamily(
      name: "a",
      type: .gauge,
      help: "",
      samples: [Sample(labels: [:], value: value)]
    )
    let line = "a \(expected)\n"
    #expect(EncodingCase.encoded([family], as: .text) == "# TYPE a gauge\n" + line)
    #expect(EncodingCase.encoded([family], as: .openMetrics) == "# TYPE a gauge\n\(line)# EOF\n")
  }

  @Test func everyFiniteValueReadsBackAsItself() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      let family = MetricFamily(
        name: "a",
        type: .gauge,
        help: "",
        samples: [Sample(labels: [:], value: value)]
      )
      let output = EncodingCase.encoded([family], as: .text)
      let text = try #require(output.split(whereSeparator: { $0 == " " || $0 == "\n" }).last)
      #expect(Double(text)?.bitPattern == value.bitPattern)
    }
  }

  /// OpenMetrics 1.0.0, "Canonical Numbers", and Go's `%g` for what it leaves open.
  @Test(
    arguments: [
      (0, "0.0", "0"), (0.001, "0.001", "0.001"), (0.002, "0.002", "0.002"), (0.01, "0.01", "0.01"),
      (0.1, "0.1", "0.1"), (0.9, "0.9", "0.9"), (0.95, "0.95", "0.95"), (0.999, "0.999", "0.999"),
      (1, "1.0", "1"), (1.7, "1.7", "1.7"), (10, "10.0", "10"), (9.999, "9.999", "9.999"),
      (1e-10, "1e-10", "1e-10"), (1e-9, "1e-09", "1e-09"), (1e-5, "1e-05", "1e-05"),
      (0.0001, "0.0001", "0.0001"), (100_000, "100000.0", "100000"), (1e6, "1e+06", "1e+06"),
      (1e10, "1e+10", "1e+10"), (1.1e-5, "1.1e-05", "1.1e-05"), (300, "300.0", "300"),
      (1_234_567, "1.234567e+06", "1.234567e+06"), (123_456.75, "123456.75", "123456.75"),
      (1e100, "1e+100", "1e+100"), (-2.5, "-2.5", "-2.5"), (.infinity, "+Inf", "+Inf"),
    ] as [(Double, String, String)]
  )
  func bound(_ bound: Double, _ openMetrics: String, _ text: String) {
    let family = MetricFamily(
      name: "a",
      help: "",
      histograms: [
        HistogramSample(
          labels: [:],
          buckets: [.init(upperBound: bound, cumulativeCount: 1)],
          sum: 0
        )
      ]
    )
    let rest = "a_sum 0\na_count 1\n"
    #expect(
      EncodingCase.encoded([family], as: .text)
        == "# TYPE a histogram\na_bucket{le=\"\(text)\"} 1\n" + rest
    )
    #expect(
      EncodingCase.encoded([family], as: .openMetrics)
        == "# TYPE a histogram\na_bucket{le=\"\(openMetrics)\"} 1\n" + rest + "# EOF\n"
    )
  }

  @Test func severalCallsGiveOneExposition() {
    let families = EncoderTests.started
    let encoder = ExpositionEncoder(format: .openMetrics)
    var output: [UInt8] = []
    for family in families { encoder.encode([family], into: &output) }
    encoder.encodeEnd(into: &output)
    #expect(
      String(decoding: output, as: UTF8.self) == EncodingCase.encoded(families, as: .openMetrics)
    )
  }
}

import Exposition
import Testing

@Suite struct ValidatorTests {
  /// A family and the rules that it breaks, in the order in which they are reported.
  struct Example: CustomTestStringConvertible, Sendable {
    let name: String
    let family: MetricFamily
    let kinds: [ExpositionProblem.Kind]

    var testDescription: String { name }

    init(_ name: String, _ family: MetricFamily, _ kinds: [ExpositionProblem.Kind]) {
      self.name = name
      self.family = family
      self.kinds = kinds
    }
  }

  static func family(
    _ name: String,
    _ type: MetricType = .gauge,
    help: String = "Help.",
    labels: LabelSet = [:],
    value: Double = 1,
    created: Double? = nil
  ) -> MetricFamily {
    let sample = Sample(labels: labels, value: value, created: created)
    return MetricFamily(name: name, type: type, help: help, samples: [sample])
  }

  static func histogram(
    _ buckets: [(Double, Double)],
    sum: Double = 1,
    labels: LabelSet = [:],
    created: Double? = nil
  ) -> MetricFamily {
    MetricFamily(
      name: "a_seconds",
      help: "Help.",
      histograms: [
        HistogramSample(
          labels: labels,
          buckets: buckets.map { .init(upperBound: $0.0, cumulativeCount: $0.1) },
          sum: sum,
          created: created
        )
      ]
    )
  }

  static let valid: [Example] = [
    Example("gauge", family("a", labels: ["b": "1", "c_D9": "\n\"\\"], value: -.infinity), []),
    Example("gauge NaN", family("a", value: .nan), []),
    Example("colon and underscore", family("_a:b9"), []),
    Example("counter", family("a_total", .counter, value: 0, created: 1), []),
    Example("counter at infinity", family("a_total", .counter, value: .infinity), []),
    Example("info", family("a_info", .info), []),
    Example("unknown", family("a", .unknown, value: -1), []),
    Example("le outside histograms", family("a", labels: ["le": "1"]), []),
    Example("a single underscore", family("a", labels: ["_x": "1"]), []),
    Example("histogram", histogram([(0.5, 1), (1, 1), (.infinity, 4)]), []),
    Example("one bucket", histogram([(.infinity, 0)], sum: 0), []),
    Example("no series", MetricFamily(name: "a", type: .gauge, help: "Help."), []),
  ]

  static let invalid: [Example] = [
    Example("empty name", family(""), [.metricName]),
    Example("digit first", family("9a"), [.metricName]),
    Example("dash", family("a-b"), [.metricName]),
    Example("beyond ASCII", family("né"), [.metricName]),
    Example("space", family("a b"), [.metricName]),
    Example("counter without _total", family("a", .counter), [.metricSuffix]),
    Example("nothing before _total", family("_total", .counter), [.metricSuffix]),
    Example("info without _info", family("a", .info), [.metricSuffix]),
    Example("gauge with _total", family("a_total"), [.metricSuffix]),
    Example("gauge with _count", family("a_count"), [.metricSuffix]),
    Example("unknown with _bucket", family("a_bucket", .unknown), [.metricSuffix]),
    Example("no help", family("a", help: ""), [.help]),
    Example("empty label name", family("a", labels: ["": "1"]), [.labelName]),
    Example("label with a colon", family("a", labels: ["b:c": "1"]), [.labelName]),
    Example("label with a digit first", family("a", labels: ["1b": "1"]), [.labelName]),
    Example("reserved label", family("a", labels: ["__name__": "1"]), [.labelName]),
    Example("label twice", family("a", labels: ["b": "1", "b": "1"]), [.duplicateLabel]),
    Example(
      "label twice, other value",
      family("a", labels: ["b": "", "c": "", "b": "1"]),
      [.duplicateLabel]
    ),
    Example("counter below 0", family("a_total", .counter, value: -1), [.value]),
    Example("counter NaN", family("a_total", .counter, value: .nan), [.value]),
    Example("info other than 1", family("a_info", .info, value: 2), [.value]),
    Example("created at infinity", family("a_total", .counter, created: .infinity), [.value]),
    Example("le in a histogram", histogram([(.infinity, 1)], labels: ["le": "1"]), [.labelName]),
    Example("no buckets", histogram([]), [.buckets]),
    Example("no infinite bucket", histogram([(1, 1)]), [.buckets]),
    Example("infinity twice", histogram([(.infinity, 1), (.infinity, 1)]), [.buckets]),
    Example("bounds fall", histogram([(2, 1), (1, 1), (.infinity, 1)]), [.buckets]),
    Example("bound twice", histogram([(1, 1), (1, 1), (.infinity, 1)]), [.buckets]),
    Example("counts fall", histogram([(1, 2), (.infinity, 1)]), [.buckets]),
    Example("negative bound", histogram([(-1, 0), (.infinity, 1)]), [.buckets]),
    Example("bound NaN", histogram([(.nan, 0), (.infinity, 1)]), [.buckets]),
    Example("half an observation", histogram([(.infinity, 1.5)]), [.value]),
    Example("count NaN", histogram([(.infinity, .nan)]), [.value]),
    Example("count below 0", histogram([(.infinity, -1)]), [.value]),
    Example("sum NaN", histogram([(.infinity, 1)], sum: .nan), [.value]),
    Example("sum below 0", histogram([(.infinity, 1)], sum: -1), [.value]),
    Example("created NaN", histogram([(.infinity, 1)], created: .nan), [.value]),
    Example(
      "everything",
      family("9", .counter, help: "", labels: ["-": "1"], value: -1),
      [.metricName, .metricSuffix, .help, .labelName, .value]
    ),
  ]

  @Test(arguments: valid + invalid)
  func rule(_ example: Example) {
    let problems = ExpositionValidator().problems(in: [example.family])
    #expect(problems.map(\.kind) == example.kinds)
    #expect(problems.allSatisfy { $0.family == example.family.name })
  }

  @Test func samplesAndHistogramsDoNotMix() {
    var plain = ValidatorTests.family("a")
    var histogram = ValidatorTests.histogram([(.infinity, 1)])
    let sample = plain.samples
    plain.histograms = histogram.histograms
    histogram.samples = sample
    let problems = ExpositionValidator().problems(in: [plain, histogram])
    #expect(problems.map(\.kind) == [.series, .series])
    #expect(problems.map(\.family) == ["a", "a_seconds"])
  }

  @Test func aProblemIsOneLineThatNamesFamilyAndSeries() {
    let family = ValidatorTests.family("a\nb_total", .counter, labels: ["c": "x\ny"], value: -2)
    let lines = ExpositionValidator().problems(in: [family]).map(\.description)
    #expect(
      lines == [
        #"metric family "a\nb_total": the name must match [a-zA-Z_:][a-zA-Z0-9_:]*"#,
        #"metric family "a\nb_total": series {c="x\ny"}: a counter cannot be -2.0"#,
      ]
    )
  }

  @Test func aLongSeriesIsCutInMessages() throws {
    let labels: LabelSet = ["c": String(repeating: "x", count: 5000)]
    let family = ValidatorTests.family("a_total", .counter, labels: labels, value: -2)
    let problem = try #require(ExpositionValidator().problems(in: [family]).first)
    #expect(problem.description.count < 300)
  }
}

import Exposition
import Testing

@Suite struct MergerTests {
  static func gauge(_ name: String, _ samples: [(LabelSet, Double)]) -> MetricFamily {
    family(name, .gauge, samples)
  }

  static func family(
    _ name: String,
    _ type: MetricType,
    _ samples: [(LabelSet, Double)] = [([:], 1)]
  ) -> MetricFamily {
    MetricFamily(
      name: name,
      type: type,
      help: "Help.",
      samples: samples.map { Sample(labels: $0.0, value: $0.1) }
    )
  }

  static func histogram(_ name: String, labels: [LabelSet] = [[:]]) -> MetricFamily {
    MetricFamily(
      name: name,
      help: "Help.",
      histograms: labels.map { EncodingCase.histogram($0, (0, 1, 2), sum: 3) }
    )
  }

  @Test func familiesAreSortedAndSeriesStayInOrder() {
    var problems: [ExpositionProblem] = []
    let merged = FamilyMerger.merge(
      [
        [
          MergerTests.gauge("b", [(["t": "2"], 2), (["t": "1"], 1)]),
          MergerTests.gauge("a", [([:], 0)]),
        ],
        [MergerTests.gauge("ab", [([:], 5)]), MergerTests.gauge("b", [(["t": "0"], 3)])],
      ],
      problems: &problems
    )
    #expect(
      merged == [
        MergerTests.gauge("a", [([:], 0)]),
        MergerTests.gauge("ab", [([:], 5)]),
        MergerTests.gauge("b", [(["t": "2"], 2), (["t": "1"], 1), (["t": "0"], 3)]),
      ]
    )
    #expect(problems.isEmpty)
  }

  @Test func histogramsAreMerged() {
    var problems: [ExpositionProblem] = []
    let merged = FamilyMerger.merge(
      [
        [MergerTests.histogram("h", labels: [["t": "1"]])],
        [MergerTests.histogram("h", labels: [["t": "2"], ["t": "1"]])],
      ],
      problems: &problems
    )
    #expect(merged == [MergerTests.histogram("h", labels: [["t": "1"], ["t": "2"]])])
    #expect(problems.map(\.kind) == [.duplicateSeries])
  }

  @Test func nothingGivesNothing() {
    var problems: [ExpositionProblem] = []
    #expect(FamilyMerger.merge([], problems: &problems).isEmpty)
    #expect(FamilyMerger.merge([[], []], problems: &problems).isEmpty)
    #expect(problems.isEmpty)
  }

  @Test func theFirstOfTwoSeriesWithTheSameLabelsWins() {
    var problems: [ExpositionProblem] = []
    let merged = FamilyMerger.merge(
      [
        [MergerTests.gauge("a", [(["x": "1", "y": "2"], 1), (["y": "2", "x": "1"], 2)])],
        [MergerTests.gauge("a", [(["x": "1", "z": "", "y": "2"], 3), (["x": "1"], 4)])],
      ],
      problems: &problems
    )
    #expect(merged == [MergerTests.gauge("a", [(["x": "1", "y": "2"], 1), (["x": "1"], 4)])])
    #expect(
      problems.map(\.description) == [
        #"metric family "a": series {y="2",x="1"} left out: an earlier one has the same labels"#,
        #"metric family "a": series {x="1",z="",y="2"} left out: an earlier one has the same labels"#,
      ]
    )
  }

  @Test func anotherTypeOrHelpIsLeftOut() {
    var problems: [ExpositionProblem] = []
    let first = MergerTests.gauge("a", [([:], 1)])
    let otherType = MergerTests.family("a", .unknown, [(["x": "1"], 2)])
    let otherHelp = MetricFamily(
      name: "a",
      type: .gauge,
      help: "Another.",
      samples: [Sample(labels: ["x": "2"], value: 3)]
    )
    let merged = FamilyMerger.merge([[first], [otherType], [otherHelp]], problems: &problems)
    #expect(merged == [first])
    #expect(problems.map(\.kind) == [.conflictingFamily, .conflictingFamily])
    #expect(
      problems.map(\.detail) == [
        "left out: type unknown instead of gauge, which came first; every target must state the same",
        "left out: HELP \"Another.\" instead of \"Help.\", which came first; every target must state"
          + " the same",
      ]
    )
  }

  /// OpenMetrics 1.0.0, "Suffixes": no family may take a name that another one can produce.
  @Test(arguments: [
    (family("x", .gauge), family("x_total", .counter), "x"),
    (family("x_created", .gauge), family("x_total", .counter), "x_created"),
    (histogram("x"), family("x_sum", .gauge), "x_sum"),
    (histogram("x"), family("x_count", .gauge), "x_count"),
    (histogram("x"), family("x_bucket", .unknown), "x_bucket"),
    (histogram("x"), family("x_created", .gauge), "x_created"),
    (histogram("x"), family("x_total", .counter), "x"),
    (histogram("x"), family("x_count_total", .counter), "x_count"),
    (family("x_info", .info), family("x", .gauge), "x"),
    (family("x_info", .info), family("x_total", .counter), "x"),
  ])
  func clash(_ first: MetricFamily, _ second: MetricFamily, _ name: String) {
    for (winner, loser) in [(first, second), (second, first)] {
      var problems: [ExpositionProblem] = []
      let merged = FamilyMerger.merge([[winner], [loser]], problems: &problems)
      #expect(merged == [winner])
      #expect(problems.map(\.kind) == [.clashingName])
      #expect(problems.map(\.family) == [loser.name])
      #expect(
        problems.map(\.detail) == [
          "left out: in OpenMetrics the name \(name) belongs to family \(winner.name);"
            + " rename one of them"
        ]
      )
    }
  }

  @Test(arguments: [
    (family("x_total", .counter), family("x_sum", .gauge)),
    (family("x", .gauge), family("x_sum", .gauge)),
    (family("x_info", .info), family("x_created", .gauge)),
    (histogram("x"), family("x_max", .gauge)),
  ])
  func noClash(_ first: MetricFamily, _ second: MetricFamily) {
    var problems: [ExpositionProblem] = []
    let merged = FamilyMerger.merge([[first, second]], problems: &problems)
    #expect(merged.count == 2)
    #expect(problems.isEmpty)
  }

  @Test func whatWasLeftOutTakesNoNames() {
    var problems: [ExpositionProblem] = []
    let merged = FamilyMerger.merge(
      [
        [MergerTests.family("x", .gauge)], [MergerTests.family("x_total", .counter)],
        [MergerTests.family("x_created", .gauge)],
      ],
      problems: &problems
    )
    #expect(merged.map(\.name) == ["x", "x_created"])
    #expect(problems.map(\.family) == ["x_total"])
  }

  @Test func familiesWithoutASeriesAreNotThere() {
    var problems: [ExpositionProblem] = []
    let merged = FamilyMerger.merge(
      [
        [MetricFamily(name: "a", type: .unknown, help: "")],
        [MergerTests.gauge("a", [([:], 1)]), MetricFamily(name: "b", help: "", histograms: [])],
      ],
      problems: &problems
    )
    #expect(merged == [MergerTests.gauge("a", [([:], 1)])])
    #expect(problems.isEmpty)
  }

  /// Quadratic work would take minutes here.
  @Test(.timeLimit(.minutes(1))) func manySeriesAndManyFamilies() {
    let samples = (0..<100_000).map { (LabelSet(dictionaryLiteral: ("id", "\($0)")), 1.0) }
    let wide = [MergerTests.gauge("wide", samples)]
    let many = (0..<20_000).map { MergerTests.gauge("family_\($0)", [([:], 1)]) }
    var problems: [ExpositionProblem] = []
    let merged = FamilyMerger.merge([wide, many, wide], problems: &problems)
    #expect(merged.count == 20_001)
    #expect(merged.last?.samples.count == 100_000)
    #expect(problems.count == 100_000)
  }
}

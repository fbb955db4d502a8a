import ConfigurationFile
import Testing

/// What the operator is told of a value that is not what it must be.
@Suite struct SectionErrorTests {
  enum Period: String, CaseIterable { case daily, weekly, monthly, yearly }

  @Test(arguments: [
    // Absent keys are the caller's business, empty ones are not.
    DecodingCase("x: 1", "c.yaml:1:1: x: unknown key") { $0.string("a") },
    DecodingCase("a:", "c.yaml:1:3: a: has no value") { $0.string("a") },
    DecodingCase("a: ~", "c.yaml:1:4: a: has no value") { $0.integer("a", in: 1...5) },
    DecodingCase("a: null", "c.yaml:1:4: a: has no value") { $0.sections("a") },
    DecodingCase("a: [null]", "c.yaml:1:5: a[0]: has no value") { $0.strings("a") },
    // A key cannot end the line of its error.
    DecodingCase("\"x\\n\\e[2Jy\": 1", #"c.yaml:1:1: ["x\n\u{1b}[2Jy"]: unknown key"#) {
      $0.string("a")
    },
    DecodingCase("a: {b: }", "c.yaml:1:8: a.b: has no value") { $0.namedSections("a") },
    // Text.
    DecodingCase("a: [x]", "c.yaml:1:4: a: must be text, not a list") { $0.string("a") },
    DecodingCase("a: {x: 1}", "c.yaml:1:4: a: must be text, not a mapping") { $0.string("a") },
    DecodingCase("b: 1", "c.yaml:1:1: a: missing", "c.yaml:1:1: b: unknown key") {
      $0.requiredString("a")
    },
    DecodingCase("a: ''", "c.yaml:1:4: a: is empty") { $0.requiredString("a") },
    // Numbers.
    DecodingCase("a: x", #"c.yaml:1:4: a: must be a whole number, not "x""#) {
      $0.integer("a", in: 1...5)
    },
    DecodingCase("a: 1.0", #"c.yaml:1:4: a: must be a whole number, not "1.0""#) {
      $0.integer("a", in: 1...5)
    },
    DecodingCase("a: 010", #"c.yaml:1:4: a: must be a whole number, not "010""#) {
      $0.integer("a", in: 1...50)
    },
    DecodingCase("a: +-1", #"c.yaml:1:4: a: must be a whole number, not "+-1""#) {
      $0.integer("a", in: 1...50)
    },
    DecodingCase("a: 6", #"c.yaml:1:4: a: must be between 1 and 5, not "6""#) {
      $0.integer("a", in: 1...5)
    },
    DecodingCase("a: -1", #"c.yaml:1:4: a: must be at least 0, not "-1""#) {
      $0.integer("a", in: 0...(.max))
    },
    DecodingCase(
      "a: 9223372036854775808",
      #"c.yaml:1:4: a: must be at least 0, not "9223372036854775808""#
    ) { $0.integer("a", in: 0...(.max)) },
    DecodingCase("a: nan", #"c.yaml:1:4: a: must be a number, not "nan""#) {
      $0.number("a", in: 0...1)
    },
    DecodingCase("a: 0x1p3", #"c.yaml:1:4: a: must be a number, not "0x1p3""#) {
      $0.number("a", in: 0...100)
    },
    DecodingCase("a: 1e999", #"c.yaml:1:4: a: must be a number, not "1e999""#) {
      $0.number("a", in: 0...(.infinity))
    },
    DecodingCase("a: 90", #"c.yaml:1:4: a: must be between 0 and 1, not "90""#) {
      $0.number("a", in: 0...1)
    },
    DecodingCase("a: -0.5", #"c.yaml:1:4: a: must be at least 0.25, not "-0.5""#) {
      $0.number("a", in: 0.25...(.infinity))
    },
    DecodingCase("a: maybe", #"c.yaml:1:4: a: must be true or false, not "maybe""#) {
      $0.boolean("a")
    },
    DecodingCase("a: 1", #"c.yaml:1:4: a: must be true or false, not "1""#) { $0.boolean("a") },
    // Durations and sizes.
    DecodingCase(
      "a: 60",
      #"c.yaml:1:4: a: must be a duration such as 30s, 5m or 1h30m, not "60""#
    ) { $0.duration("a", in: .seconds(1)...(.seconds(90))) },
    DecodingCase("a: 2d", #"c.yaml:1:4: a: must be between 1s and 1m30s, not "2d""#) {
      $0.duration("a", in: .seconds(1)...(.seconds(90)))
    },
    DecodingCase(
      "a: 8 MiB",
      #"c.yaml:1:4: a: must be a size such as 8MiB, 512KiB or 10MB, not "8 MiB""#
    ) { $0.byteCount("a", in: 0...(.max)) },
    DecodingCase("a: 1GiB", #"c.yaml:1:4: a: must be between 1KiB and 64MiB, not "1GiB""#) {
      $0.byteCount("a", in: 1024...(64 << 20))
    },
    DecodingCase("a: 1B", #"c.yaml:1:4: a: must be at least 2KiB, not "1B""#) {
      $0.byteCount("a", in: 2048...(.max))
    },
    // Choices.
    DecodingCase(
      "a: dayly",
      #"""
      c.yaml:1:4: a: must be "daily", "weekly", "monthly" or "yearly", not "dayly"; did you mean \#
      "daily"?
      """#
    ) { $0.choice("a", as: Period.self) },
    DecodingCase("a: hourly", #"c.yaml:1:4: a: must be "x", not "hourly""#) {
      $0.choice("a", of: ["x"])
    },
    DecodingCase("a: [daily, daily]", #"c.yaml:1:12: a[1]: "daily" is in the list twice"#) {
      $0.choices("a", as: Period.self)
    },
    DecodingCase("a: daily", #"c.yaml:1:4: a: must be a list of "x" or "y", not "daily""#) {
      $0.choices("a", of: ["x", "y"])
    },
    // Collections.
    DecodingCase("a: x", #"c.yaml:1:4: a: must be a list of texts, not "x""#) {
      $0.strings("a")
    },
    DecodingCase(
      "a: [[x], '', y]",
      "c.yaml:1:5: a[0]: must be text, not a list",
      "c.yaml:1:10: a[1]: is empty"
    ) { $0.strings("a") },
    DecodingCase("a: [x]", "c.yaml:1:4: a: must be a mapping of names to texts, not a list") {
      $0.stringMap("a")
    },
    DecodingCase("a: {b.c: [x]}", #"c.yaml:1:10: a["b.c"]: must be text, not a list"#) {
      $0.stringMap("a")
    },
    DecodingCase("a: x", #"c.yaml:1:4: a: must be a mapping of keys to values, not "x""#) {
      $0.section("a")
    },
    DecodingCase("a: {}", "c.yaml:1:4: a: must be a list of mappings, not a mapping") {
      $0.sections("a")
    },
    DecodingCase("a: []", "c.yaml:1:4: a: must be a mapping of names to mappings, not a list") {
      $0.namedSections("a")
    },
    // Messages stay short and on their line whatever the value is.
    DecodingCase(
      "a: \"" + String(repeating: "x", count: 61) + "\"",
      "c.yaml:1:4: a: must be true or false, not \"" + String(repeating: "x", count: 60) + "…\""
    ) { $0.boolean("a") },
    DecodingCase(
      #"a: "1\n\"\u202e\\""#,
      #"c.yaml:1:4: a: must be true or false, not "1\n\"\u{202e}\\""#
    ) { $0.boolean("a") },
    // A value of the environment may be a secret by mistake.
    DecodingCase(
      "a: '${PASS}'",
      environment: ["PASS": "hunter2"],
      #"c.yaml:1:4: a: must be true or false, not what the environment gives for "${PASS}""#
    ) { $0.boolean("a") },
    DecodingCase("a: '${E}'", environment: ["E": ""], "c.yaml:1:4: a: is empty") {
      $0.requiredString("a")
    },
    // What the caller finds wrong.
    DecodingCase("b: 1\na: 2", "c.yaml:1:1: too few", "c.yaml:1:4: b: odd", "c.yaml:2:4: a: bad") {
      $0.report("bad", at: "a")
      $0.warn("odd", at: "b")
      $0.report("too few")
    },
  ])
  func isToldExactly(sample: DecodingCase) {
    #expect(sample.lines() == sample.expected)
  }

  @Test func everythingIsToldAtOnceInReadingOrder() {
    let text = """
      targets:
        - nam: support
          interval: 5
          sla: {response: {threshold: 30, objective: 2}}
        - voice
        - name: [x]
          periods: [daily, weakly]
          url: ftp://x
          labels: {a: {}}
      default: 1
      """
    let lines = issueLines(text) { root in
      for target in root.sections("targets") ?? [] {
        _ = target.url("url", schemes: ["https"])
        _ = target.choices("periods", as: Period.self)
        _ = target.requiredString("name")
        _ = target.stringMap("labels")
        _ = target.duration("interval", in: .seconds(1)...(.seconds(60)))
        let goal = target.section("sla")?.section("response")
        _ = goal?.number("objective", in: 0...1)
        _ = goal?.duration("threshold", in: .zero...(.seconds(60)))
        target.finish()
      }
      _ = root.section("defaults")
    }
    let periods = #""daily", "weekly", "monthly" or "yearly""#
    let duration = "a duration such as 30s, 5m or 1h30m"
    #expect(
      lines == [
        "c.yaml:2:5: targets[0].name: missing",
        #"c.yaml:2:5: targets[0].nam: unknown key; did you mean "name"?"#,
        #"c.yaml:3:15: targets[0].interval: must be \#(duration), not "5""#,
        #"c.yaml:4:33: targets[0].sla.response.threshold: must be \#(duration), not "30""#,
        #"c.yaml:4:48: targets[0].sla.response.objective: must be between 0 and 1, not "2""#,
        #"c.yaml:5:5: targets[1]: must be a mapping of keys to values, not "voice""#,
        "c.yaml:6:11: targets[2].name: must be text, not a list",
        #"""
        c.yaml:7:22: targets[2].periods[1]: must be \#(periods), not "weakly"; did you mean \#
        "weekly"?
        """#,
        """
        c.yaml:8:10: targets[2].url: must be an absolute URL that begins with https://, \
        not "ftp://x"
        """,
        "c.yaml:9:17: targets[2].labels.a: must be text, not a mapping",
        #"c.yaml:10:1: default: unknown key; did you mean "defaults"?"#,
      ]
    )
  }

  @Test func aKeyReadTwiceIsToldOnce() {
    let lines = issueLines("a: x") { root in
      _ = root.integer("a", in: 0...1)
      _ = root.integer("a", in: 0...1)
    }
    #expect(lines == [#"c.yaml:1:4: a: must be a whole number, not "x""#])
  }

  @Test func askingWhetherAKeyIsThereDoesNotReadIt() {
    #expect(issueLines("a: 1") { _ = $0.has("a") } == ["c.yaml:1:1: a: unknown key"])
    #expect(
      issueLines("b_c: 1") { _ = $0.has("b-d") }
        == [#"c.yaml:1:1: b_c: unknown key; did you mean "b-d"?"#]
    )
  }

  @Test func aKeyThatIsThereAlreadyIsNotSuggested() {
    #expect(
      issueLines("name: x\nnames: y") { _ = $0.string("name") }
        == ["c.yaml:2:1: names: unknown key"]
    )
  }
}

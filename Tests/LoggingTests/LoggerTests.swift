import Logging
import Testing

@Suite struct LoggerTests {
  /// 2026-03-01T12:30:45.678Z.
  private static let time = 1_772_368_245.678

  private static func logger(
    _ level: LogLevel = .debug,
    _ format: LogFormat = .logfmt
  ) -> (Logger, RecordingSink) {
    let sink = RecordingSink()
    return (Logger(level: level, format: format, sink: sink, now: { time }), sink)
  }

  @Test func logfmtLine() {
    let (log, sink) = LoggerTests.logger()
    log.warn("poll failed", [("target", "support"), ("reason", "timeout")])
    #expect(
      sink.lines == [
        "time=2026-03-01T12:30:45.678Z level=WARN msg=\"poll failed\" target=support reason=timeout\n"
      ]
    )
  }

  @Test func jsonLine() {
    let (log, sink) = LoggerTests.logger(.debug, .json)
    log.error("poll failed", [("target", "support"), ("code", "500")])
    #expect(
      sink.lines == [
        #"{"time":"2026-03-01T12:30:45.678Z","level":"ERROR","msg":"poll failed","#
          + #""target":"support","code":"500"}"# + "\n"
      ]
    )
  }

  /// A value as logfmt has it and as JSON has it (always quoted).
  @Test(arguments: [
    ("plain", "plain", #""plain""#),
    ("", #""""#, #""""#),
    ("two words", #""two words""#, #""two words""#),
    ("a=b", #""a=b""#, #""a=b""#),
    ("say \"hi\"", #""say \"hi\"""#, #""say \"hi\"""#),
    ("back\\slash", #""back\\slash""#, #""back\\slash""#),
    ("a\nb\r\tc", #""a\nb\r\tc""#, #""a\nb\r\tc""#),
    ("nul\u{0}", #""nul\u0000""#, #""nul\u0000""#),
    ("\u{1B}[31mred", #""\u001b[31mred""#, #""\u001b[31mred""#),
    ("\u{7F}", #""\u007f""#, #""\u007f""#),
    ("\u{9B}31m", #""\u009b31m""#, #""\u009b31m""#),
    ("a\u{2028}b\u{2029}", #""a\u2028b\u2029""#, #""a\u2028b\u2029""#),
    ("\u{202E}evil\u{2066}", #""\u202eevil\u2066""#, #""\u202eevil\u2066""#),
    ("\u{FEFF}", #""\ufeff""#, #""\ufeff""#),
    ("žluťoučký", #""žluťoučký""#, #""žluťoučký""#),
    ("日本 🐎", #""日本 🐎""#, #""日本 🐎""#),
    ("/metrics?a&b{c}[d],e;f:g", "/metrics?a&b{c}[d],e;f:g", #""/metrics?a&b{c}[d],e;f:g""#),
  ])
  func value(_ value: String, _ logfmt: String, _ json: String) {
    let head = "time=2026-03-01T12:30:45.678Z level=INFO msg=m"
    let (logfmtLog, logfmtSink) = LoggerTests.logger()
    logfmtLog.info("m", [("k", value)])
    #expect(logfmtSink.lines == ["\(head) k=\(logfmt)\n"])

    let (jsonLog, jsonSink) = LoggerTests.logger(.debug, .json)
    jsonLog.info(value, [(value, value)])
    #expect(
      jsonSink.lines == [
        #"{"time":"2026-03-01T12:30:45.678Z","level":"INFO","msg":\#(json),\#(json):\#(json)}"#
          + "\n"
      ]
    )
  }

  @Test func aKeyCannotBreakALogfmtLine() {
    let (log, sink) = LoggerTests.logger()
    log.info("m", [("a b=\n\"c", "v")])
    #expect(sink.lines == ["time=2026-03-01T12:30:45.678Z level=INFO msg=m a_b___c=v\n"])
  }

  @Test(arguments: LogLevel.allCases)
  func aLevelDropsWhatLiesBelow(_ level: LogLevel) {
    let (log, sink) = LoggerTests.logger(level)
    log.debug("m")
    log.info("m")
    log.warn("m")
    log.error("m")
    let expected = ["DEBUG", "INFO", "WARN", "ERROR"].dropFirst(level.rawValue)
    #expect(
      sink.lines == expected.map { "time=2026-03-01T12:30:45.678Z level=\($0) msg=m\n" }
    )
  }

  @Test func levelsHaveNamesAndAnOrder() {
    #expect(LogLevel.allCases.map(\.name) == ["debug", "info", "warn", "error"])
    #expect(LogLevel.allCases.map { LogLevel(name: $0.name) } == LogLevel.allCases)
    #expect(LogLevel(name: "WARN") == nil)
    #expect(LogLevel(name: "") == nil)
    #expect(LogLevel.debug < .info && .info < LogLevel.warn && LogLevel.warn < .error)
    #expect(LogFormat.allCases.map(\.rawValue) == ["logfmt", "json"])
  }

  @Test func fieldsAreNotEvaluatedBelowTheLevel() {
    let (log, sink) = LoggerTests.logger(.warn)
    var evaluated = 0
    func fields() -> [Logger.Field] {
      evaluated += 1
      return []
    }
    log.debug("m", fields())
    log.info("m", fields())
    #expect(evaluated == 0)
    #expect(sink.lines.isEmpty)
    log.warn("m", fields())
    log.error("m", fields())
    #expect(evaluated == 2)
    #expect(sink.lines.count == 2)
  }

  @Test func withAddsFieldsToACopy() {
    let (log, sink) = LoggerTests.logger()
    let target = log.with([("vendor", "kore")]).with([("target", "bot")])
    target.info("m", [("n", "1")])
    log.info("m")
    #expect(target.level == log.level)
    #expect(
      sink.lines == [
        "time=2026-03-01T12:30:45.678Z level=INFO msg=m vendor=kore target=bot n=1\n",
        "time=2026-03-01T12:30:45.678Z level=INFO msg=m\n",
      ]
    )
  }
}

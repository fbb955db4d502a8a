import Testing

@testable import ExporterCore

/// `--help` and the table of flags it is made from.
@Suite struct UsageTextTests {
  /// The words that start a row of `--help`, without their arguments.
  private var rows: [String] {
    UsageText.text.split(separator: "\n").filter { $0.hasPrefix("  ") }.map { line in
      let word = line.dropFirst(2).prefix { $0 != " " }
      return String(word.prefix { $0 != "=" })
    }
  }

  @Test func everyFlagAndCommandAndNothingElse() {
    let flags = FlagDefinition.all.map { "--\($0.name)" }
    let commands = Command.allCases.map { $0.word ?? "(none)" }
    #expect(rows == commands + flags)
    #expect(Set(flags).count == flags.count)
  }

  /// Every flag is listed here: a new one is added here first.
  @Test func theFlagsAreTheDocumentedOnes() {
    let documented: Set<String> = [
      "config.file", "config.check", "web.listen-address", "web.telemetry-path",
      "web.config.file", "web.systemd-socket", "web.max-requests", "web.max-connections",
      "web.enable-lifecycle", "web.disable-exporter-metrics", "storage.path", "shard",
      "openmetrics.created-samples", "log.level", "log.format", "version", "help", "from", "to",
      "target", "output", "label", "card", "widget", "dashboard", "report",
    ]
    let unknown = FlagDefinition.all.map(\.name).filter { !documented.contains($0) }
    #expect(unknown.isEmpty)
  }

  @Test func argumentsAndDefaultsAreShown() {
    let text = UsageText.text
    #expect(text.hasPrefix("usage: cx_exporter [command] [flags]\n"))
    #expect(text.contains("  --log.level=debug|info|warn|error "))
    #expect(text.contains("  --web.max-requests=N "))
    #expect(text.contains("Default: :10067."))
    #expect(text.hasSuffix("Exit status: 0 fine, 1 failure, 2 wrong usage or configuration."))
    for flag in FlagDefinition.all {
      #expect(!flag.help.isEmpty)
      if let fallback = flag.fallback { #expect(text.contains("Default: \(fallback).")) }
    }
  }

  /// Every default is a value that the parser itself accepts.
  @Test func defaultsAreAccepted() throws {
    for flag in FlagDefinition.all {
      guard let fallback = flag.fallback else { continue }
      let arguments = try CommandLineArguments(["--\(flag.name)=\(fallback)"])
      #expect(arguments.value(flag.name) == fallback)
    }
  }

  @Test func versionIsTwoLinesAsPrometheusWritesThem() {
    let lines = Version.text.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("cx_exporter, version \(Version.number) (revision: ") == true)
    #expect(Version.userAgent == "cx_exporter/\(Version.number)")
  }
}

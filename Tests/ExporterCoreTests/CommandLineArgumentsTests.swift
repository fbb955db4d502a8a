import Testing

@testable import ExporterCore

/// The command line: README, "Command line".
@Suite struct CommandLineArgumentsTests {
  @Test func defaults() throws {
    let arguments = try CommandLineArguments([])
    #expect(arguments.command == .run)
    // The documented table.
    let expected = [
      "config.file": "config.yaml", "web.listen-address": ":10067",
      "web.telemetry-path": "/metrics", "web.max-requests": "40", "web.max-connections": "512",
      "log.level": "info", "log.format": "logfmt",
    ]
    for (name, value) in expected {
      #expect(arguments.value(name) == value)
      #expect(!arguments.isGiven(name))
    }
    for name in [
      "config.check", "web.disable-exporter-metrics", "openmetrics.created-samples", "version",
      "help",
    ] {
      #expect(!arguments.isOn(name))
    }
  }

  @Test(arguments: [("demo", Command.demo), ("once", .once), ("check", .check)])
  func commands(_ word: String, _ command: Command) throws {
    #expect(try CommandLineArguments([word]).command == command)
    #expect(try CommandLineArguments(["--log.level=debug", word]).command == command)
    #expect(try CommandLineArguments([word, "--log.level", "debug"]).command == command)
  }

  @Test func configCheckIsTheCommandCheck() throws {
    #expect(try CommandLineArguments(["--config.check"]).command == .check)
    #expect(try CommandLineArguments(["--no-config.check"]).command == .run)
    #expect(try CommandLineArguments(["--config.check=false", "once"]).command == .once)
  }

  @Test(arguments: [
    ["--config.file=a.yaml"], ["--config.file", "a.yaml"],
    ["--config.file=a.yaml", "--config.file=a.yaml"],
  ])
  func valuesInBothForms(_ words: [String]) throws {
    let arguments = try CommandLineArguments(words)
    #expect(arguments.value("config.file") == "a.yaml")
    #expect(arguments.isGiven("config.file"))
  }

  @Test func aValueMayHoldAnything() throws {
    let arguments = try CommandLineArguments(["--config.file=a=b c", "--web.telemetry-path=--x"])
    #expect(arguments.value("config.file") == "a=b c")
    #expect(arguments.value("web.telemetry-path") == "--x")
    #expect(try CommandLineArguments(["--config.file", "-"]).value("config.file") == "-")
  }

  @Test func repeatedAddresses() throws {
    let arguments = try CommandLineArguments([
      "--web.listen-address=:1", "--web.listen-address", "[::1]:2",
    ])
    #expect(arguments.list("web.listen-address") == [":1", "[::1]:2"])
  }

  @Test(arguments: [
    (["--openmetrics.created-samples"], true), (["--openmetrics.created-samples=true"], true),
    (["--openmetrics.created-samples=false"], false), (["--no-openmetrics.created-samples"], false),
  ])
  func switches(_ words: [String], _ isOn: Bool) throws {
    #expect(try CommandLineArguments(words).isOn("openmetrics.created-samples") == isOn)
  }

  @Test func helpInBothForms() throws {
    #expect(try CommandLineArguments(["-h"]).isOn("help"))
    #expect(try CommandLineArguments(["--help"]).isOn("help"))
    #expect(try CommandLineArguments(["once", "--version"]).isOn("version"))
  }

  @Test func numbers() throws {
    #expect(try CommandLineArguments([]).integer("web.max-requests") == 40)
    #expect(try CommandLineArguments(["--web.max-requests=1"]).integer("web.max-requests") == 1)
  }

  struct Case: Sendable {
    let words: [String]
    let message: String
  }

  static let wrong = [
    Case(
      words: ["--config.fil=x"],
      message: "unknown flag --config.fil; did you mean --config.file?"
    ),
    Case(
      words: ["--web.listen-adress", ":1"],
      message: "unknown flag --web.listen-adress; did you mean --web.listen-address?"
    ),
    Case(words: ["--zzzzzzzzzzzz"], message: "unknown flag --zzzzzzzzzzzz; --help lists the flags"),
    Case(words: ["--"], message: "unknown flag --; --help lists the flags"),
    Case(
      words: ["-config.file=x"],
      message: "unknown flag -config.file; did you mean --config.file?"
    ),
    Case(words: ["-x"], message: "unknown flag -x; --help lists the flags"),
    Case(
      words: ["--no-config.file"],
      message: "unknown flag --no-config.file; did you mean --config.file?"
    ),
    Case(words: ["--config.file"], message: "--config.file needs a value"),
    Case(
      words: ["--config.file", "--log.level=debug"],
      message: "--config.file needs a value"
    ),
    Case(words: ["--config.file="], message: "--config.file is empty"),
    Case(
      words: ["--config.check=maybe"],
      message: "--config.check takes no value; use --config.check or --no-config.check"
    ),
    Case(
      words: ["--no-config.check=true"],
      message: "--no-config.check takes no value; use --config.check or --no-config.check"
    ),
    Case(
      words: ["--config.file=a", "--config.file=b"],
      message: "--config.file is given twice; give it once"
    ),
    Case(
      words: ["--config.check", "--no-config.check"],
      message: "--config.check is given twice; give it once"
    ),
    Case(
      words: ["--log.level=debgu"],
      message: "--log.level=debgu is none of debug, info, warn, error; did you mean debug?"
    ),
    Case(words: ["--log.format=xml"], message: "--log.format=xml is none of logfmt, json"),
    Case(
      words: ["--web.max-requests=0"],
      message: "--web.max-requests=0 is no whole number from 1 to 10000"
    ),
    Case(
      words: ["--web.max-connections", "many"],
      message: "--web.max-connections=many is no whole number from 1 to 100000"
    ),
    Case(
      words: ["--web.max-requests=99999999999999999999"],
      message: "--web.max-requests=99999999999999999999 is no whole number from 1 to 10000"
    ),
    Case(words: ["onse"], message: "unknown command \"onse\"; did you mean once?"),
    Case(words: ["run"], message: "unknown command \"run\"; --help lists the commands"),
    Case(words: [""], message: "unknown command \"\"; --help lists the commands"),
    Case(words: ["once", "check"], message: "unexpected argument \"check\""),
    Case(words: ["once", "config.yaml"], message: "unexpected argument \"config.yaml\""),
  ]

  @Test(arguments: wrong)
  func wrongUsage(_ item: Case) {
    let error = #expect(throws: UsageError.self) { _ = try CommandLineArguments(item.words) }
    #expect(error?.message == item.message)
  }

  // The flags of the listener: an address or a path that is none is wrong usage as well.
  @Test(arguments: [
    "--web.listen-address=10067", "--web.listen-address=:99999", "--web.listen-address=::1:80",
    "--web.telemetry-path=metrics", "--web.telemetry-path=/a?b", "--web.telemetry-path=/a b",
    "--web.telemetry-path=/", "--web.telemetry-path=/-/ready",
  ])
  func wrongListenerFlags(_ word: String) throws {
    let arguments = try CommandLineArguments([word])
    let error = #expect(throws: UsageError.self) { _ = try ListenerOptions(arguments) }
    #expect(error?.message.contains(word.split(separator: "=")[1]) == true)
  }
}

/// One flag: the parser, `--help` and the README's table all come from this list.
struct FlagDefinition: Sendable {
  /// What follows the flag.
  enum Argument: Sendable {
    /// Nothing: `--name` turns it on, `--no-name` off.
    case none
    /// A value of that name.
    case value(String)
    /// One of these.
    case choice([String])
    /// A whole number in that range.
    case integer(ClosedRange<Int>)
  }

  let name: String
  let argument: Argument
  let fallback: String?
  let isRepeatable: Bool
  let help: String

  init(
    _ name: String,
    _ argument: Argument,
    default fallback: String? = nil,
    isRepeatable: Bool = false,
    _ help: String
  ) {
    self.name = name
    self.argument = argument
    self.fallback = fallback
    self.isRepeatable = isRepeatable
    self.help = help
  }

  /// The flags that only `backfill` has.
  static let backfill = ["from", "to", "target", "output", "label"]

  /// Every flag, in the order of `--help`.
  static let all: [FlagDefinition] = [
    FlagDefinition(
      "config.file",
      .value("FILE"),
      default: "config.yaml",
      "The configuration."
    ),
    FlagDefinition("config.check", .none, "The same as the command check."),
    FlagDefinition(
      "web.listen-address",
      .value("ADDRESS"),
      default: ":10067",
      isRepeatable: true,
      "Where to listen: host:port, [v6]:port or :port; may be given more than once."
    ),
    FlagDefinition(
      "web.telemetry-path",
      .value("PATH"),
      default: "/metrics",
      "The path of the metrics."
    ),
    FlagDefinition(
      "web.config.file",
      .value("FILE"),
      "TLS, users and headers as in Prometheus' exporters; read again when it changes."
    ),
    FlagDefinition(
      "web.max-requests",
      .integer(1...10_000),
      default: "40",
      "Scrapes answered at the same time; more get 503."
    ),
    FlagDefinition(
      "web.max-connections",
      .integer(1...100_000),
      default: "512",
      "Open connections; more get 503."
    ),
    FlagDefinition(
      "web.enable-lifecycle",
      .none,
      "Allow POST /-/reload; SIGHUP reloads in any case."
    ),
    FlagDefinition(
      "web.disable-exporter-metrics",
      .none,
      "Leave out process_* and the HTTP families."
    ),
    FlagDefinition(
      "openmetrics.created-samples",
      .none,
      "Write _created samples in OpenMetrics."
    ),
    FlagDefinition(
      "storage.path",
      .value("FOLDER"),
      "Keep counters and request budgets in this folder; without it, in memory."
    ),
    FlagDefinition("from", .value("YYYY-MM-DD"), "backfill: the first day."),
    FlagDefinition("to", .value("YYYY-MM-DD"), "backfill: the last day."),
    FlagDefinition(
      "target",
      .value("NAME"),
      isRepeatable: true,
      "backfill: only this target; may be given more than once."
    ),
    FlagDefinition(
      "output",
      .value("FILE"),
      "backfill: where to write; without it standard output."
    ),
    FlagDefinition(
      "label",
      .value("NAME=VALUE"),
      isRepeatable: true,
      "backfill: a label for every series, such as job=cx; may be given more than once."
    ),
    FlagDefinition(
      "log.level",
      .choice(["debug", "info", "warn", "error"]),
      default: "info",
      "Lines below this level are dropped."
    ),
    FlagDefinition(
      "log.format",
      .choice(["logfmt", "json"]),
      default: "logfmt",
      "How lines on standard error are written."
    ),
    FlagDefinition("version", .none, "Print the version and exit."),
    FlagDefinition("help", .none, "Print this help and exit; also -h."),
  ]
}

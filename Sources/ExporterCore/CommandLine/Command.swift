/// What the program is asked to do.
enum Command: String, CaseIterable, Sendable {
  case run
  case demo
  case once
  case check
  case backfill
  case explore

  /// The word on the command line; running has none.
  var word: String? {
    self == .run ? nil : rawValue
  }

  /// The line in `--help`.
  var help: String {
    switch self {
    case .run: "run the agent: poll the targets, serve /metrics"
    case .demo:
      "the same against a built-in simulator of the four vendors: no account needed"
    case .once:
      "poll every target once, write the exposition to standard output; exit 1 if a target failed"
    case .check:
      "check the configuration, print the request plan; exit 2 if it is wrong, 1 if over budget"
    case .backfill:
      "write the vendors' history from --from to --to as OpenMetrics, for promtool"
    case .explore:
      "ask once for a card, widget, dashboard or report, print its columns and a mapping for them"
    }
  }
}

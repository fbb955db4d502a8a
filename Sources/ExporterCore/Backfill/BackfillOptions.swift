import CollectorKit
import Exposition

#if canImport(Glibc)
private import Glibc
#endif

/// What `backfill` is asked for.
struct BackfillOptions: Sendable, Equatable {
  let first: CivilDate
  let last: CivilDate
  /// The targets' names; empty for all.
  let targets: [String]
  /// The file to write; nil for standard output.
  let output: String?
  /// Labels for every series.
  let labels: LabelSet

  /// No vendor is older, and a slip of the hand must not ask for two thousand years.
  private static let earliest = "2000-01-01"

  /// Reads the flags.
  ///
  /// - Throws: `UsageError` at the first that cannot be followed.
  init(_ arguments: CommandLineArguments) throws(UsageError) {
    first = try BackfillOptions.day("from", arguments)
    last = try BackfillOptions.day("to", arguments)
    guard first <= last else {
      throw UsageError(message: "--from=\(first) is behind --to=\(last)")
    }
    targets = arguments.list("target")
    output = arguments.isGiven("output") ? arguments.value("output") : nil
    labels = try BackfillOptions.labels(arguments.list("label"))
    if let output { try BackfillOptions.check(output) }
  }

  private static func day(
    _ flag: String,
    _ arguments: CommandLineArguments
  ) throws(UsageError) -> CivilDate {
    guard arguments.isGiven(flag) else {
      throw UsageError(message: "backfill needs --from=YYYY-MM-DD and --to=YYYY-MM-DD")
    }
    let text = arguments.value(flag)
    guard let date = CivilDate(text) else {
      throw UsageError(message: "--\(flag)=\(text) is no day such as 2026-01-31")
    }
    guard let earliest = CivilDate(earliest), date >= earliest else {
      throw UsageError(message: "--\(flag)=\(text) is before \(earliest)")
    }
    return date
  }

  private static func labels(_ texts: [String]) throws(UsageError) -> LabelSet {
    var labels: [Label] = []
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty else {
        throw UsageError(message: "--label=\(text) is no NAME=VALUE such as job=cx")
      }
      let name = String(parts[0])
      guard ExpositionValidator.isLabelName(name), !name.hasPrefix("__") else {
        throw UsageError(message: "--label=\(text): \"\(name)\" is no label's name")
      }
      guard name != "target", !labels.contains(where: { $0.name == name }) else {
        throw UsageError(message: "--label=\(text): the label \(name) is there already")
      }
      labels.append(Label(name: name, value: String(parts[1])))
    }
    return LabelSet(labels)
  }

  /// Renaming a file over a device would replace the device.
  private static func check(_ path: String) throws(UsageError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw UsageError(
        message: "--output=\(path) is no regular file; without --output standard output is written"
      )
    }
  }

  /// The days of a target that are over, and ended at least three hours ago: what is younger is in
  /// Prometheus' head block, into which no block may reach (Prometheus' documentation, "Backfilling
  /// from OpenMetrics format").
  ///
  /// - Parameters:
  ///   - zone: Where the target's days begin and end.
  ///   - now: Unix seconds.
  /// - Returns: The days, nil where there is none.
  func days(in zone: Zone, now: Double) -> ClosedRange<CivilDate>? {
    let over = zone.date(at: now - BackfillOptions.distance).adding(days: -1)
    let end = min(last, over)
    return first <= end ? first...end : nil
  }

  /// How far behind the present the history ends, in seconds.
  static let distance = 3 * 3600.0
}

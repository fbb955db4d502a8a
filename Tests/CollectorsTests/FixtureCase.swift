import CollectorKit
import Collectors
import ConfigurationFile
import Exposition
import Foundation
import HTTPTransport
import Ledger
import Logging
import TestSupport
import Testing

/// One folder below `Tests/Fixtures/<vendor>/`.
///
/// - `config.yaml`: a whole configuration with one target.
/// - `time.txt`: the polls' times, one a line, `YYYY-MM-DDTHH:MM:SSZ`; as many polls as lines.
/// - `NN.json` (or `NN.html`, `NN.txt`): the vendor's answers in the order of the requests;
///   `NN-404.json` answers with that status.
/// - `requests.txt`: what was asked, expected.
/// - `expected.prom`: what is served after the last poll, failures behind it as comments.
///
/// With `CX_RECORD=1` in the environment the last two are written instead of compared.
struct FixtureCase: Sendable, CustomTestStringConvertible {
  let folder: String

  var testDescription: String {
    folder.split(separator: "/").suffix(2).joined(separator: "/")
  }

  static let root =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

  /// Every case of every vendor, sorted.
  static let all: [FixtureCase] = {
    let manager = FileManager.default
    let vendors = (try? manager.contentsOfDirectory(atPath: root)) ?? []
    return vendors.sorted().flatMap { vendor in
      let cases = (try? manager.contentsOfDirectory(atPath: "\(root)/\(vendor)")) ?? []
      return cases.sorted().map { FixtureCase(folder: "\(root)/\(vendor)/\($0)") }
    }
  }()

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  /// The target's settings and collector.
  func target() throws -> (TargetSettings, any Collector) {
    let file = "\(folder)/config.yaml"
    let document = try ConfigurationDocument.load(path: file, environment: [:])
    let diagnostics = Diagnostics(file: file)
    let root = document.root(diagnostics)
    let section = try #require(root.sections("targets")?.first)
    let vendor = try #require(section.requiredString("vendor"))
    let definition = try #require(BuiltinCollectors.definition(named: vendor))
    let settings = TargetSettings(section, vendor: vendor, defaults: SettingDefaults())
    let configured = settings.flatMap { definition.decode(section, $0) }
    section.finish()
    let errors = diagnostics.errors.map(\.description)
    try #require(errors.isEmpty, "\(errors.joined(separator: "\n"))")
    return (try #require(settings), try #require(configured).collector)
  }

  /// The answers in order.
  func answers() throws -> [HTTPClientResponse] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
      name.first?.isNumber ?? false
    }
    return try names.sorted().map { name in
      let stem = name.prefix { $0 != "." }
      let parts = stem.split(separator: "-")
      let status = parts.count > 1 ? Int(parts[1]) ?? 200 : 200
      let type =
        name.hasSuffix(".json")
        ? "application/json" : name.hasSuffix(".html") ? "text/html" : "text/plain"
      return HTTPClientResponse(
        status: status,
        fields: [HTTPField("Content-Type", type)],
        body: [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
      )
    }
  }

  /// Runs the polls and gives what was asked and what is served.
  func run() async throws -> (requests: String, exposition: String) {
    let (settings, collector) = try target()
    let answers = try answers()
    let client = ScriptedHTTPClient { _, index throws(TransportError) in
      guard index < answers.count else {
        throw TransportError(code: .connection, message: "the fixture has no answer \(index + 1)")
      }
      return answers[index]
    }
    let times = try text("time.txt").split(separator: "\n").map { line in
      try #require(ISO8601DateFormatter().date(from: String(line))).timeIntervalSince1970
    }
    let time = SimulatedTime(unixTime: times[0], participants: 0)
    let ledger = CounterLedger()
    var last = PollOutcome()
    for moment in times {
      time.advance(by: max(0, moment - time.unixTime))
      time.step(unixTime: moment)
      let context = CollectionContext(
        client: VendorClient(http: client, gate: OpenGate(), time: time, settings: settings),
        time: time,
        log: LogRecorder().logger
      )
      last = try await collector.collect(in: context)
      var observations: [Observation] = []
      for case (_, .success(let values)) in last.parts { observations += values.observations }
      _ = ledger.record(observations, target: settings.name, at: moment)
    }
    return (
      client.requests.map(FixtureCase.describe).joined(separator: "\n") + "\n",
      try FixtureCase.exposition(
        last,
        collector.configuredFamilies,
        HistogramTotals.assemble(
          ledger.families(target: settings.name),
          collector.histograms
        )
      )
    )
  }

  /// A request as it stands in `requests.txt`; values that vary by nature are masked.
  private static func describe(_ request: HTTPClientRequest) -> String {
    var lines = ["\(request.method) \(request.url)"]
    for field in request.fields {
      let isToken =
        field.name.lowercased() == "auth" && field.value.split(separator: ".").count == 3
      lines.append("\(field.name): \(isToken ? "<jwt>" : field.value)")
    }
    if let body = request.body { lines.append(String(decoding: body, as: UTF8.self)) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func exposition(
    _ outcome: PollOutcome,
    _ configured: [MetricFamily],
    _ counters: [MetricFamily]
  ) throws -> String {
    var groups = [configured, counters]
    var notes: [String] = []
    for (key, part) in outcome.parts {
      switch part {
      case .success(let values):
        groups.append(values.families)
        notes += values.skipped.map { "# left out of \(key): \($0)" }
      case .failure(let error):
        notes.append(
          "# failed \(key): \(error.reason.rawValue): \(error.endpoint): \(error.message)"
        )
      case .skipped:
        notes.append("# skipped \(key)")
      }
    }
    var problems: [ExpositionProblem] = []
    let families = FamilyMerger.merge(groups, problems: &problems)
    #expect(problems.isEmpty)
    #expect(ExpositionValidator().problems(in: families).isEmpty)
    var bytes: [UInt8] = []
    ExpositionEncoder(format: .text).encode(families, into: &bytes)
    return String(decoding: bytes, as: UTF8.self) + notes.map { $0 + "\n" }.joined()
  }
}

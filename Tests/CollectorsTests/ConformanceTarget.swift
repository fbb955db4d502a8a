import CollectorKit
import Collectors
import ConfigurationFile
import Exposition
import HTTPTransport
import Ledger
import Logging
import TestSupport
import Testing

/// A vendor's minimal target, and the poll of it that every conformance test makes.
struct ConformanceTarget {
  let vendor: ConformanceVendor
  let settings: TargetSettings
  let collector: any Collector
  private let log = LogRecorder()
  private let time = SimulatedTime(unixTime: ConformanceVendor.moment, participants: 0)

  /// Decodes the vendor's minimal configuration, with one of its secrets in a file or none.
  init(_ name: String, secretFile: (key: String, path: String)? = nil) throws {
    try self.init(ConformanceVendor.named(name), secretFile: secretFile)
  }

  /// Decodes a configuration of another kind than the table's.
  init(_ vendor: ConformanceVendor, secretFile: (key: String, path: String)? = nil) throws {
    self.vendor = vendor
    let name = vendor.name
    var lines = ["name: conformance", "vendor: \(name)", "url: https://vendor.test/base"]
    for key in vendor.keys {
      lines.append(
        vendor.secrets.reduce(key) { line, secret in
          let given =
            secret.key == secretFile?.key
            ? "\(secret.key)_file: '\(secretFile?.path ?? "")'" : "\(secret.key): '\(secret.value)'"
          return line.replacing("<\(secret.key)>", with: given)
        }
      )
    }
    let document = try ConfigurationDocument(
      text: lines.map { $0 + "\n" }.joined(),
      file: "/conformance.yaml",
      environment: nil
    )
    let diagnostics = Diagnostics(file: "conformance.yaml")
    let section = document.root(diagnostics)
    _ = section.requiredString("vendor")
    let definition = try #require(BuiltinCollectors.definition(named: name))
    let settings = TargetSettings(section, vendor: name, defaults: SettingDefaults())
    let configured = settings.flatMap { definition.decode(section, $0) }
    section.finish()
    let issues = diagnostics.issues.map(\.description)
    try #require(issues.isEmpty, "\(issues.joined(separator: "\n"))")
    self.settings = try #require(settings)
    collector = try #require(configured).collector
  }

  /// A client whose answers are all good but for those that `failure` gives.
  func client(
    failingWith failure: ConformanceFailure? = nil,
    from first: Int = 0
  ) -> ScriptedHTTPClient {
    let vendor = vendor
    return ScriptedHTTPClient { request, index throws(TransportError) in
      if let failure, index >= first { return try failure.answer(vendor, request) }
      return HTTPClientResponse(
        status: 200,
        fields: [HTTPField("Content-Type", "application/json")],
        body: Array(vendor.good(request).utf8)
      )
    }
  }

  /// Polls once, and sees to it that nothing that is said afterwards holds a secret.
  func poll(
    _ client: ScriptedHTTPClient,
    gate: any RequestGate = OpenGate(),
    time: SimulatedTime? = nil
  ) async throws -> PollOutcome {
    let time = time ?? self.time
    let context = CollectionContext(
      client: VendorClient(http: client, gate: gate, time: time, settings: settings),
      time: time,
      log: log.logger
    )
    // The next poll comes an interval later: what failed in this one is due again.
    defer { self.time.advance(by: settings.interval) }
    let outcome = try await collector.collect(in: context)
    var texts = log.lines + ["\(collector)", "\(collector.plan)"]
    for (key, part) in outcome.parts { texts += [key, "\(part)"] }
    let carried = client.requests.flatMap(\.fields)
      .filter { !["content-type", "accept"].contains($0.name.lowercased()) }.map(\.value)
    for secret in vendor.secrets.map(\.value) + carried {
      for text in texts { #expect(!text.contains(secret), "a secret is in: \(text)") }
    }
    return outcome
  }

  /// Polls once with good answers and expects that all is well.
  func expectGoodPoll() async throws {
    let outcome = try await poll(client())
    #expect(outcome.failures.isEmpty)
    #expect(outcome.failure == nil)
    #expect(outcome.successes.count == outcome.parts.count)
    #expect(outcome.families.contains { $0.seriesCount > 0 })
    var problems: [ExpositionProblem] = []
    _ = FamilyMerger.merge([outcome.families, collector.configuredFamilies], problems: &problems)
    problems += ExpositionValidator().problems(in: outcome.families)
    #expect(problems.isEmpty)
  }
}

extension PollOutcome {
  /// The values of the parts that succeeded.
  var successes: [Values] {
    parts.compactMap { part in
      if case .success(let values) = part.outcome { values } else { nil }
    }
  }

  /// How many parts were not asked for.
  var skippedCount: Int {
    parts.count { part in
      if case .skipped = part.outcome { true } else { false }
    }
  }

  /// The gauges of all parts.
  var families: [MetricFamily] { successes.flatMap(\.families) }

  /// The observations of all parts, to be compared.
  var totals: [String] {
    successes.flatMap(\.observations).map { total in
      "\(total.family.name) \(total.labels) \(total.bucket.start) \(total.value)"
    }
  }
}

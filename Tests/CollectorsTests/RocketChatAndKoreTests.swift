import CollectorKit
import Collectors
import ConfigurationFile
import Exposition
import HTTPTransport
import TestSupport
import Testing

/// What holds for both vendors' collectors alike.
@Suite struct RocketChatAndKoreTests {
  private static let targets = [
    "vendor: rocketchat, url: \"https://chat.example.com\", user_id: u-1, auth_token: t-secret",
    "vendor: kore, url: \"https://platform.kore.ai\", bot_id: st-1, token: t-secret",
  ]

  @Test(arguments: [
    ("rocketchat", [RateLimit(requests: 10, window: 60)]),
    ("kore", [RateLimit(requests: 60, window: 60), RateLimit(requests: 1800, window: 3600)]),
  ])
  func documentedLimits(vendor: String, limits: [RateLimit]) {
    #expect(BuiltinCollectors.definition(named: vendor)?.rateLimits == limits)
  }

  /// A refusal inside an answer with 200 must reach the budget, with its wait where there is one.
  @Test(arguments: [
    (
      targets[0],
      #"{"success":false,"error":"You must wait 42 seconds [error-too-many-requests]"}"#, 42.0
    ),
    (targets[1], #"{"errors":[{"msg":"You've exceeded the hourly rate limit.","code":400}]}"#, nil),
  ])
  func refusalsWith200ReachTheGate(target: String, body: String, wait: Double?) async throws {
    let gate = OpenGate()
    let outcome = try await DecodedTarget("{name: t, \(target)}").poll(gate: gate) { _, _ in
      HTTPClientResponse(status: 200, body: Array(body.utf8))
    }
    #expect(gate.refusals == [wait])
    #expect(outcome.failure?.reason == .rateLimited)
    #expect(outcome.failure?.retryAfter == wait)
    #expect(gate.entered.count == 1)
  }

  @Test(arguments: [
    (targets[0], 401, FailureReason.auth), (targets[1], 401, .auth),
    (targets[0], 403, .auth), (targets[1], 403, .auth),
    (targets[0], 429, .rateLimited), (targets[1], 429, .rateLimited),
    (targets[0], 500, .httpStatus), (targets[1], 500, .httpStatus),
    (targets[0], 503, .httpStatus), (targets[1], 405, .httpStatus),
    (targets[0], 200, .decode), (targets[1], 200, .decode),
  ])
  func statusesWithoutABody(target: String, status: Int, reason: FailureReason) async throws {
    let outcome = try await DecodedTarget("{name: t, \(target)}").poll { _, _ in
      HTTPClientResponse(status: status)
    }
    #expect(outcome.failures.allSatisfy { $0.reason == reason })
    #expect(!outcome.failures.isEmpty)
    #expect(outcome.failures.allSatisfy { !"\($0)".contains("t-secret") })
  }

  @Test(arguments: targets)
  func cancellationIsNoFailure(_ target: String) async throws {
    let decoded = try DecodedTarget("{name: t, \(target)}")
    await #expect(throws: CancellationError.self) {
      try await decoded.poll { _, _ throws(TransportError) in
        throw TransportError(code: .cancelled, message: "cancelled")
      }
    }
  }

  @Test(arguments: targets)
  func thePlanIsWhatAPollAsks(_ target: String) async throws {
    let decoded = try DecodedTarget("{name: t, \(target)}")
    let gate = OpenGate()
    _ = try await decoded.poll(gate: gate) { _, _ in
      HTTPClientResponse(status: 200, body: Array("{}".utf8))
    }
    #expect(try decoded.collector.plan.requestsPerPoll == gate.entered.count)
  }
}

/// A target's section, decoded as the agent does it.
struct DecodedTarget {
  let settings: TargetSettings?
  let configured: ConfiguredCollector?
  /// Every error and warning in reading order, as the user sees it, without the file's name.
  let issues: [String]

  struct Undecodable: Error {
    let issues: [String]
  }

  /// Decodes one item of `targets`, written as YAML's flow mapping or as indented lines.
  init(_ target: String) throws {
    let document = try ConfigurationDocument(
      text: "targets:\n  - \(target)\n",
      file: "c",
      environment: nil
    )
    let diagnostics = Diagnostics(file: "c")
    let section = try #require(document.root(diagnostics).sections("targets")?.first)
    let vendor = try #require(section.requiredString("vendor"))
    let definition = try #require(BuiltinCollectors.definition(named: vendor))
    let settings = TargetSettings(section, vendor: vendor, defaults: SettingDefaults())
    configured = settings.flatMap { definition.decode(section, $0) }
    section.finish()
    self.settings = settings
    issues = diagnostics.issues.map { String("\($0)".dropFirst(2)) }
  }

  /// The collector of a target without errors.
  var collector: any Collector {
    get throws {
      guard let configured else { throw Undecodable(issues: issues) }
      return configured.collector
    }
  }

  /// Polls once at a fixed time, 2025-10-06T12:00:00Z, with answers from a closure.
  func poll(
    gate: OpenGate = OpenGate(),
    _ script: @escaping ScriptedHTTPClient.Script
  ) async throws -> PollOutcome {
    try await poll(ScriptedHTTPClient(script), gate: gate)
  }

  /// Polls once at that time with a client that remembers its requests.
  func poll(_ client: ScriptedHTTPClient, gate: OpenGate = OpenGate()) async throws -> PollOutcome {
    guard let settings else { throw Undecodable(issues: issues) }
    let time = SimulatedTime(unixTime: 1_759_752_000, participants: 0)
    let context = CollectionContext(
      client: VendorClient(http: client, gate: gate, time: time, settings: settings),
      time: time,
      log: LogRecorder().logger
    )
    return try await collector.collect(in: context)
  }
}

import CollectorKit
import Collectors
import Foundation
import HTTPTransport
import TestSupport
import Testing

/// What holds for every built-in collector, whatever its vendor.
@Suite struct ConformanceTests {
  private static let vendors = BuiltinCollectors.all.map(\.name)

  @Test(arguments: vendors)
  func everyVendorHasAnEntryAndAGoodPoll(_ name: String) async throws {
    let target = try ConformanceTarget(name)
    #expect(target.collector.plan.requestsPerPoll > 0)
    try await target.expectGoodPoll()
    try await target.expectGoodPoll()
    #expect(!target.collector.plan.isEstimate)
  }

  @Test(arguments: vendors, ConformanceFailure.all)
  func failure(_ name: String, _ failure: ConformanceFailure) async throws {
    let target = try ConformanceTarget(name)
    let client = target.client(failingWith: failure)
    let gate = OpenGate()
    let outcome = try await target.poll(client, gate: gate)

    let first = try #require(outcome.failure)
    #expect(outcome.successes.isEmpty)
    for error in outcome.failures {
      #expect(error.reason == failure.reason)
      expectClear(error)
    }
    if failure.reason.endsPoll {
      #expect(client.requests.count == 1)
      #expect(outcome.failures.count == 1)
      #expect(outcome.skippedCount == outcome.parts.count - 1)
    } else {
      #expect(outcome.failures.count >= 2)
      #expect(client.requests.count >= outcome.failures.count)
      #expect(outcome.skippedCount == 0)
    }
    if failure.reason == .rateLimited {
      #expect(first.retryAfter == failure.retryAfter)
      #expect(gate.refusals == [failure.retryAfter])
    } else {
      #expect(gate.refusals.isEmpty)
    }
    try await target.expectGoodPoll()
  }

  @Test(arguments: vendors, ConformanceFailure.all.filter(\.reason.endsPoll))
  func aFailureInMidPollEndsIt(_ name: String, _ failure: ConformanceFailure) async throws {
    let target = try ConformanceTarget(name)
    let client = target.client(failingWith: failure, from: 1)
    let outcome = try await target.poll(client)
    #expect(client.requests.count == 2)
    #expect(outcome.failure?.reason == failure.reason)
    #expect(outcome.failures.count == 1)
    try await target.expectGoodPoll()
  }

  @Test(arguments: vendors)
  func aRefusingBudgetEndsThePollUnasked(_ name: String) async throws {
    let target = try ConformanceTarget(name)
    let client = target.client()
    let outcome = try await target.poll(client, gate: ClosedGate(.budget))
    #expect(client.requests.isEmpty)
    #expect(outcome.failure?.reason == .budget)
    #expect(outcome.failures.count == 1)
    #expect(outcome.skippedCount == outcome.parts.count - 1)
    try await target.expectGoodPoll()
  }

  @Test(arguments: vendors, [0, 1])
  func cancellationInATransferKeepsNothing(_ name: String, index: Int) async throws {
    let target = try ConformanceTarget(name)
    let good = target.vendor.good
    let client = ScriptedHTTPClient { request, count throws(TransportError) in
      guard count < index else { throw TransportError(code: .cancelled, message: "cancelled") }
      return HTTPClientResponse(status: 200, body: Array(good(request).utf8))
    }
    await #expect(throws: CancellationError.self) { _ = try await target.poll(client) }
    #expect(client.requests.count == index + 1)
    try await expectSameAsFresh(target)
  }

  @Test(arguments: vendors)
  func cancellationBeforeARequestKeepsNothing(_ name: String) async throws {
    let target = try ConformanceTarget(name)
    let client = target.client()
    await #expect(throws: CancellationError.self) {
      _ = try await target.poll(client, gate: ClosedGate(.cancellation))
    }
    #expect(client.requests.isEmpty)
    try await expectSameAsFresh(target)
  }

  @Test(arguments: vendors)
  func anUnreadableSecretFileAsksNothing(_ name: String) async throws {
    for secret in try ConformanceVendor.named(name).secrets {
      let file = FileManager.default.temporaryDirectory
        .appendingPathComponent("conformance-\(UUID().uuidString)").path
      let contents = Data("\(secret.value)\n".utf8)
      let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
      #expect(FileManager.default.createFile(atPath: file, contents: contents, attributes: mode))
      let target = try ConformanceTarget(name, secretFile: (secret.key, file))
      try FileManager.default.removeItem(atPath: file)

      let client = target.client()
      let outcome = try await target.poll(client)
      #expect(client.requests.isEmpty)
      #expect(outcome.failure?.reason == .auth)
      #expect(outcome.failures.count == 1)
      #expect(outcome.failure?.message.contains(file) ?? false)
      outcome.failures.forEach(expectClear)

      #expect(FileManager.default.createFile(atPath: file, contents: contents, attributes: mode))
      try await target.expectGoodPoll()
      try FileManager.default.removeItem(atPath: file)
    }
  }

  /// One line that says where and what.
  private func expectClear(_ error: CollectionError) {
    #expect(!error.endpoint.isEmpty)
    #expect(error.message.count > 5)
    #expect(error.message.utf8.count < 1000)
    let lines = (error.endpoint + error.message).split(whereSeparator: \.isNewline)
    #expect(lines.count == 1)
  }

  /// After a cancelled poll the next one brings what a new collector's first one brings.
  private func expectSameAsFresh(_ target: ConformanceTarget) async throws {
    let outcome = try await target.poll(target.client())
    let fresh = try ConformanceTarget(target.vendor.name)
    let expected = try await fresh.poll(fresh.client())
    #expect(outcome.failures.isEmpty)
    #expect(outcome.families == expected.families)
    #expect(outcome.totals == expected.totals)
  }
}

/// A request gate that lets nothing through.
private struct ClosedGate: RequestGate {
  enum Kind { case budget, cancellation }

  private let kind: Kind

  init(_ kind: Kind) {
    self.kind = kind
  }

  func enter(endpoint: String) async throws {
    switch kind {
    case .budget: throw CollectionError(.budget, endpoint: endpoint, "no room for 30 s")
    case .cancellation: throw CancellationError()
    }
  }

  func leave(code: String, seconds: Double) {}

  func refused(retryAfter: Double?) {}
}

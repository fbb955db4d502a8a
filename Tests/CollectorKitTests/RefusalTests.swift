import Exposition
import HTTPTransport
import Ledger
import TestSupport
import Testing

@testable import CollectorKit

/// One rule for all vendors: what a refusal says decides, whatever status it comes with.
@Suite struct RefusalTests {
  struct Case: Sendable {
    let body: String
    /// With 200.
    let within: FailureReason?
    /// With the status that such an answer should have.
    let status: Int
    let proper: FailureReason

    init(_ body: String, _ within: FailureReason?, _ status: Int, _ proper: FailureReason? = nil) {
      self.body = body
      self.within = within
      self.status = status
      self.proper = proper ?? within ?? .httpStatus
    }
  }

  static let cases = [
    // Rocket.Chat (its ApiClass.ts and its middleware).
    Case(#"{"success":false,"error":"You must be logged in to do this."}"#, .auth, 401),
    Case(#"{"status":"error","message":"You must be logged in to do this."}"#, .auth, 401),
    Case(
      #"{"success":false,"error":"User does not have the permissions required for this action "#
        + #"[error-unauthorized]"}"#,
      .auth,
      403
    ),
    Case(#"{"success":false,"error":"no [error-forbidden]"}"#, .auth, 400),
    Case(
      #"{"success":false,"error":"Error, too many requests. Please slow down. You must wait 42 "#
        + #"seconds before trying this endpoint again. [error-too-many-requests]"}"#,
      .rateLimited,
      429
    ),
    Case(
      #"{"success":false,"error":"Omnichannel is not enabled"}"#,
      .vendorError,
      400,
      .httpStatus
    ),
    Case(#"{"success":false}"#, .vendorError, 500, .httpStatus),
    Case(#"{"status":"error"}"#, .vendorError, 400, .httpStatus),
    // Kore.ai.
    Case(#"{"errors":[{"msg":"Invalid SDK credentials","code":4002}]}"#, .auth, 401),
    Case(#"{"errors":[{"msg":"No","code":4002}]}"#, .auth, 400),
    Case(
      #"{"errors":[{"msg":"You've exceeded the hourly rate limit. Please wait."}]}"#,
      .rateLimited,
      400
    ),
    Case(#"{"errors":[{"msg":"Invalid StreamId","code":400}]}"#, .vendorError, 400, .httpStatus),
    Case(
      #"{"errors":[{"msg":"Internal Server Error","code":500}]}"#,
      .vendorError,
      500,
      .httpStatus
    ),
    // GraphQL, and Samespace's other interface.
    Case(
      #"{"errors":[{"message":"No","extensions":{"code":"UNAUTHENTICATED"}}],"data":null}"#,
      .auth,
      400
    ),
    Case(#"{"errors":[{"message":"No","extensions":{"code":"FORBIDDEN"}}]}"#, .auth, 403),
    Case(#"{"errors":[{"message":"No","extensions":{"code":"RATE_LIMITED"}}]}"#, .rateLimited, 400),
    Case(#"{"success":false,"message":"Cant make call! Not logged In"}"#, .auth, 401),
    Case(#"{"errors":[{"message":"Cannot query field x"}]}"#, .vendorError, 400, .httpStatus),
    // Experia, and gateways.
    Case(#"{"status":"FAILED","message":"Unauthorized"}"#, .auth, 401),
    Case(#"{"status":"FAILED","message":"Too many requests"}"#, .rateLimited, 429),
    Case(#"{"status":"FAILED","message":"Service is down"}"#, .vendorError, 500, .httpStatus),
    Case(#"{"error":{"code":401,"message":"Nobody"}}"#, .auth, 401),
    Case(#"{"statusCode":429,"message":"Later"}"#, .rateLimited, 429),
    Case(#"{"status":403,"message":"No"}"#, .auth, 403),
    // A server in trouble, and nothing there: the key has no part in it.
    Case(#"{"error":"Unauthorized"}"#, .auth, 500, .httpStatus),
    Case(#"{"error":"Forbidden"}"#, .auth, 404, .httpStatus),
    // No refusal at all.
    Case("{}", nil, 400), Case("[]", nil, 500), Case(#"{"status":"SUCCESS"}"#, nil, 400),
    Case(#"{"data":{"message":"Unauthorized"}}"#, nil, 400), Case("", nil, 502),
  ]

  private static let secret = "k3y-5up3r-s3cr3t"

  private func client(
    _ gate: OpenGate,
    answering response: HTTPClientResponse
  ) -> VendorClient {
    VendorClient(
      http: ScriptedHTTPClient { _, _ throws(TransportError) in response },
      gate: gate,
      time: SimulatedTime(unixTime: 1_768_003_200, participants: 0),
      settings: TargetSettings(name: "a", vendor: "v", url: "https://api.test")
    )
  }

  @Test(arguments: cases)
  func withAnyStatus(_ item: Case) async throws {
    let body = Array(item.body.utf8)
    let gate = OpenGate()
    let good = HTTPClientResponse(status: 200, body: body)
    let within = client(gate, answering: good).refusal(in: good, endpoint: "GET /")
    #expect(within?.reason == item.within)
    #expect(gate.refusals.count == (item.within == .rateLimited ? 1 : 0))

    let refused = client(gate, answering: HTTPClientResponse(status: item.status, body: body))
    let error = await #expect(throws: CollectionError.self) {
      _ = try await refused.send("GET", "/", fields: [], endpoint: "GET /")
    }
    #expect(error?.reason == item.proper)
  }

  @Test func aRateLimitWithin200SaysHowLong() {
    let gate = OpenGate()
    let response = HTTPClientResponse(
      status: 200,
      fields: [HTTPField("Retry-After", "9")],
      body: Array(#"{"error":"rate limit"}"#.utf8)
    )
    let error = client(gate, answering: response).refusal(in: response, endpoint: "GET /")
    #expect(error?.retryAfter == 9)
    #expect(gate.refusals == [9])
  }

  /// Secrets are looked for before a text is cut.
  @Test func aTextWithASecret() async throws {
    let long = String(repeating: "x", count: 190) + RefusalTests.secret
    let response = HTTPClientResponse(status: 200, body: Array(#"{"error":"\#(long)"}"#.utf8))
    let client = client(OpenGate(), answering: response)
    _ = try await client.send(
      "GET",
      "/",
      fields: [HTTPField("X-API-Key", RefusalTests.secret)],
      endpoint: "GET /"
    )
    let error = client.refusal(in: response, endpoint: "GET /", preface: "status \"\(long)\"")
    #expect(error?.message.contains("k3y") == false)
  }

  /// What a hostile vendor echoes reaches neither a label nor a message; what only looks alike does.
  @Test func labelsAndMessages() async throws {
    let secret = RefusalTests.secret
    let client = client(OpenGate(), answering: HTTPClientResponse(status: 200))
    _ = try await client.send(
      "GET",
      "/",
      fields: [HTTPField("X-API-Key", secret)],
      endpoint: "GET /"
    )
    var outcome = PollOutcome()
    try await outcome.part("a") {
      var values = PollOutcome.Values(
        families: [
          MetricFamily(
            name: "x",
            type: .gauge,
            help: "X.",
            samples: ["queue \(secret)", "123456", "whatsapp"].map {
              Sample(labels: ["queue": $0], value: 123_456)
            }
          )
        ],
        observations: [
          Observation(
            family: CounterFamily(name: "x_total", help: "X."),
            labels: ["queue": secret],
            bucket: Bucket(start: 0, end: 86_400),
            value: 1
          )
        ],
        skipped: ["\(secret) is no number"]
      )
      values.notes = ["column \(secret)"]
      return values
    }
    try await outcome.part("b") { throw CollectionError(.decode, endpoint: "e", "label \(secret)") }
    let masked = client.masked(outcome)
    #expect(!"\(masked)".contains(secret))
    guard case .success(let values)? = masked.parts.first?.outcome else {
      Issue.record("the part has no values")
      return
    }
    #expect(
      values.families.first?.samples.map { $0.labels["queue"] }
        == ["queue <secret>", "123456", "whatsapp"]
    )
    #expect(values.families.first?.samples.allSatisfy { $0.value == 123_456 } == true)
    #expect(values.observations.first?.labels == ["queue": "<secret>"])
    #expect(masked.failure?.message == "label <secret>")
  }
}

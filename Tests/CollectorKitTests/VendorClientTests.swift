import ConfigurationFile
import HTTPTransport
import TestSupport
import Testing

@testable import CollectorKit

/// One request through the gate: its answer, its redirects, and every way in which it can fail.
@Suite struct VendorClientTests {
  private static let secret = "k3y-5up3r-s3cr3t"

  /// A client at a scripted vendor, with its gate.
  private struct Bench {
    let http: ScriptedHTTPClient
    let gate = OpenGate()
    let time = SimulatedTime(unixTime: 1_768_003_200, participants: 0)
    var settings = TargetSettings(name: "a", vendor: "v", url: "https://api.test/base")

    init(_ script: @escaping ScriptedHTTPClient.Script) {
      http = ScriptedHTTPClient(script)
    }

    func send(_ method: String = "GET", body: [UInt8]? = nil) async throws -> HTTPClientResponse {
      let client = VendorClient(http: http, gate: gate, time: time, settings: settings)
      return try await client.send(
        method,
        "/path?q=1",
        fields: [HTTPField("X-API-Key", VendorClientTests.secret)],
        body: body,
        endpoint: "\(method) /path"
      )
    }

    /// The failure of a request that must not succeed; checks the gate's balance and the secret.
    func failure(_ method: String = "GET") async throws -> CollectionError {
      let error = await #expect(throws: CollectionError.self) { _ = try await send(method) }
      #expect(gate.entered.count == gate.codes.count)
      let failure = try #require(error)
      #expect(!"\(failure)".contains(VendorClientTests.secret))
      #expect(failure.endpoint == "\(method) /path")
      return failure
    }
  }

  @Test func theRequestAsItIsSent() async throws {
    var bench = Bench { _, _ throws(TransportError) in
      HTTPClientResponse(status: 200, body: [1, 2])
    }
    bench.settings.timeout = .seconds(7)
    bench.settings.maxResponseSize = 4096
    bench.settings.connection.serverName = "inner.test"
    bench.settings.headers = [
      HeaderSetting(name: "X-Team", value: Secret("cx")),
      HeaderSetting(name: "X-Team", value: Secret("support")),
    ]
    let response = try await bench.send("POST", body: [9])
    #expect(response.body == [1, 2])
    let request = try #require(bench.http.requests.first)
    #expect(bench.http.requests.count == 1)
    #expect(request.method == "POST")
    #expect(request.url == "https://api.test/base/path?q=1")
    #expect(request.body == [9])
    #expect(request.timeout == .seconds(7))
    #expect(request.maxResponseSize == 4096)
    #expect(request.connection.serverName == "inner.test")
    #expect(
      request.fields == [
        HTTPField("X-API-Key", VendorClientTests.secret), HTTPField("X-Team", "cx"),
        HTTPField("X-Team", "support"),
      ]
    )
    #expect(bench.gate.entered == ["POST /path"])
    #expect(bench.gate.codes == ["200"])
  }

  @Test(arguments: [200, 201, 204, 299])
  func successes(_ status: Int) async throws {
    let bench = Bench { _, _ throws(TransportError) in HTTPClientResponse(status: status) }
    #expect(try await bench.send().status == status)
    #expect(bench.gate.codes == ["\(status)"])
  }

  struct StatusCase: Sendable {
    let status: Int
    let reason: FailureReason
    let message: String
    var body = ""
    var fields: [HTTPField] = []
    var retryAfter: Double?
  }

  private static let mend = "; check the target's credentials and their permissions"

  private static let page =
    " with a page for people: a proxy or firewall refused the request, or answered for the vendor; "
    + "ask who runs it"

  static let statuses = [
    StatusCase(status: 100, reason: .httpStatus, message: "HTTP 100"),
    StatusCase(status: 400, reason: .httpStatus, message: "HTTP 400"),
    StatusCase(
      status: 400,
      reason: .httpStatus,
      message: "HTTP 400: Invalid widget name (code 400)",
      body: #"{"errors":[{"msg":"Invalid widget name","code":400}]}"#
    ),
    StatusCase(status: 401, reason: .auth, message: "HTTP 401\(mend)"),
    StatusCase(
      status: 401,
      reason: .auth,
      message: "HTTP 401: Invalid SDK credentials (code 4002)\(mend)",
      body: #"{"errors":[{"msg":"Invalid SDK credentials","code":4002}]}"#
    ),
    StatusCase(status: 403, reason: .auth, message: "HTTP 403\(mend)"),
    StatusCase(
      status: 404,
      reason: .httpStatus,
      message: "HTTP 404",
      body: "<html>not here</html>"
    ),
    StatusCase(status: 405, reason: .httpStatus, message: "HTTP 405"),
    StatusCase(
      status: 407,
      reason: .httpStatus,
      message: "HTTP 407: the proxy wants a user and password; put them into proxy_url"
    ),
    StatusCase(
      status: 511,
      reason: .httpStatus,
      message: "HTTP 511: the network wants a login before it lets anything through"
    ),
    // A page is for people: a proxy, a firewall or a content network speaks, not the vendor's API.
    // A 401 is about credentials, whoever sends it and however it looks.
    StatusCase(
      status: 401,
      reason: .auth,
      message: "HTTP 401; check the target's credentials and their permissions",
      body: "<html>"
    ),
    StatusCase(
      status: 400,
      reason: .rateLimited,
      message: "HTTP 400: Too many requests",
      body: #"{"errors":[null,{"message":"Too many requests"}]}"#
    ),
    StatusCase(
      status: 403,
      reason: .httpStatus,
      message: "HTTP 403\(page)",
      body: "\r\n <!DOCTYPE html><title>Just a moment...</title>"
    ),
    StatusCase(
      status: 403,
      reason: .httpStatus,
      message: "HTTP 403\(page)",
      body: "\u{FEFF}<html>"
    ),
    StatusCase(
      status: 403,
      reason: .httpStatus,
      message: "HTTP 403\(page)",
      body: "error code: 1020"
    ),
    StatusCase(
      status: 403,
      reason: .httpStatus,
      message: "HTTP 403\(page)",
      fields: [HTTPField("CF-Mitigated", "challenge")]
    ),
    StatusCase(status: 406, reason: .httpStatus, message: "HTTP 406\(page)", body: "<html>"),
    StatusCase(status: 429, reason: .rateLimited, message: "HTTP 429\(page)", body: "<html>"),
    StatusCase(status: 503, reason: .httpStatus, message: "HTTP 503\(page)", body: "<html>"),
    // The body decides, whatever its type is said to be.
    StatusCase(
      status: 403,
      reason: .auth,
      message: "HTTP 403: no\(mend)",
      body: #"{"message":"no"}"#,
      fields: [HTTPField("Content-Type", "text/html")]
    ),
    // RFC 9110, section 10.2.3.
    StatusCase(
      status: 503,
      reason: .httpStatus,
      message: "HTTP 503",
      fields: [HTTPField("Retry-After", "120")],
      retryAfter: 120
    ),
    StatusCase(
      status: 503,
      reason: .httpStatus,
      message: "HTTP 503",
      fields: [
        HTTPField("Date", "Sat, 10 Jan 2026 01:00:00 GMT"),
        HTTPField("Retry-After", "Sat, 10 Jan 2026 01:02:00 GMT"),
      ],
      retryAfter: 120
    ),
    // What limits are called elsewhere says nothing of a server that is down.
    StatusCase(
      status: 500,
      reason: .httpStatus,
      message: "HTTP 500",
      fields: [HTTPField("X-RateLimit-Reset", "1768003230000")]
    ),
    StatusCase(status: 429, reason: .rateLimited, message: "HTTP 429"),
    StatusCase(
      status: 429,
      reason: .rateLimited,
      message: "HTTP 429",
      fields: [HTTPField("Retry-After", "33")],
      retryAfter: 33
    ),
    StatusCase(
      status: 429,
      reason: .rateLimited,
      message: "HTTP 429",
      fields: [HTTPField("X-RateLimit-Reset", "1768003230000")],
      retryAfter: 30
    ),
    // Kore.ai documents the texts, but no status for them.
    StatusCase(
      status: 400,
      reason: .rateLimited,
      message: "HTTP 400: Rate limit for this API has been reached.",
      body: #"{"errors":[{"msg":"Rate limit for this API has been reached."}]}"#
    ),
    StatusCase(
      status: 403,
      reason: .rateLimited,
      message: "HTTP 403: You've exceeded the hourly rate limit.",
      body: #"{"errors":[{"msg":"You've exceeded the hourly rate limit."}]}"#
    ),
    StatusCase(status: 500, reason: .httpStatus, message: "HTTP 500"),
    StatusCase(
      status: 502,
      reason: .httpStatus,
      message: "HTTP 502: Bad gateway",
      body: #"{"message":"Bad gateway"}"#
    ),
    StatusCase(status: 503, reason: .httpStatus, message: "HTTP 503"),
    StatusCase(status: 599, reason: .httpStatus, message: "HTTP 599"),
    StatusCase(
      status: 302,
      reason: .httpStatus,
      message: "HTTP 302 to https://evil.test/login, which is not followed; set the target's url "
        + "to the final address",
      fields: [HTTPField("Location", "https://evil.test/login?token=abc#x")]
    ),
    StatusCase(
      status: 304,
      reason: .httpStatus,
      message: "HTTP 304 to nowhere, which is not followed; set the target's url to the final "
        + "address"
    ),
  ]

  @Test(arguments: statuses)
  func failures(_ item: StatusCase) async throws {
    let bench = Bench { _, _ throws(TransportError) in
      HTTPClientResponse(status: item.status, fields: item.fields, body: Array(item.body.utf8))
    }
    let failure = try await bench.failure()
    #expect(failure.reason == item.reason)
    #expect(failure.message == item.message)
    #expect(failure.status == item.status)
    #expect(failure.retryAfter == item.retryAfter)
    #expect(bench.gate.codes == ["\(item.status)"])
    let isHeld = item.reason == .rateLimited || item.retryAfter != nil
    #expect(bench.gate.refusals == (isHeld ? [item.retryAfter] : []))
  }

  /// The vendor's text may quote what was sent.
  @Test(arguments: [400, 401, 403, 429, 500])
  func aQuotedSecretIsNotShown(_ status: Int) async throws {
    let body = #"{"error":"the key \#(VendorClientTests.secret) is not known"}"#
    let bench = Bench { _, _ throws(TransportError) in
      HTTPClientResponse(status: status, body: Array(body.utf8))
    }
    let failure = try await bench.failure()
    #expect(failure.message.contains("the key <secret> is not known"))
  }

  /// An answer is decoded as it was sent: a header's value may be a part of a number.
  @Test func anAnswerIsNeverChanged() async throws {
    let body = #"{"totalMsg":123456,"name":"whatsapp","key":"\#(VendorClientTests.secret)"}"#
    var bench = Bench { _, _ throws(TransportError) in
      HTTPClientResponse(status: 200, body: Array(body.utf8))
    }
    bench.settings.headers = [
      HeaderSetting(name: "X-Account-Id", value: Secret("123456"), isSecret: false),
      HeaderSetting(name: "X-Other", value: Secret("whatsapp")),
    ]
    #expect(String(decoding: try await bench.send().body, as: UTF8.self) == body)
  }

  @Test func aMarkBeforeTheTextIsNoPartOfIt() async throws {
    let bench = Bench { _, _ throws(TransportError) in
      HTTPClientResponse(status: 200, body: [0xEF, 0xBB, 0xBF] + Array("{}".utf8))
    }
    #expect(try await bench.send().body == Array("{}".utf8))
  }

  @Test func aBodyThatCannotBeDecoded() async throws {
    let bench = Bench { _, _ throws(TransportError) in
      var response = HTTPClientResponse(status: 200)
      response.codingFault = "the answer's gzip data ends too early"
      return response
    }
    let failure = try await bench.failure()
    #expect(failure.reason == .decode)
    #expect(failure.message == "the answer's gzip data ends too early")
    #expect(bench.gate.codes == ["200"])
  }

  /// No byte of an answer, or an answer that says that no request was read: once more, through the
  /// gate, on a connection of its own.
  @Test(arguments: [nil, 408, 421] as [Int?])
  func whatWasNotAnsweredIsSentAgain(_ status: Int?) async throws {
    let bench = Bench { _, index throws(TransportError) in
      guard index == 0 else { return HTTPClientResponse(status: 200, body: [7]) }
      if let status { return HTTPClientResponse(status: status) }
      throw VendorClientTests.unanswered
    }
    #expect(try await bench.send("POST", body: [1]).body == [7])
    #expect(bench.gate.entered.count == 2)
    #expect(bench.gate.codes == [status.map(String.init) ?? "connection", "200"])
    #expect(bench.http.requests.map(\.needsFreshConnection) == [false, true])
    #expect(
      bench.http.requests.allSatisfy { $0.isSentOnce && $0.method == "POST" && $0.body == [1] }
    )
  }

  @Test func onlyOnce() async throws {
    let bench = Bench { _, _ throws(TransportError) in throw VendorClientTests.unanswered }
    #expect(try await bench.failure().reason == .connection)
    #expect(bench.gate.codes == ["connection", "connection"])
  }

  /// A redirect in between makes no difference: one request of a collector is repeated once.
  @Test func onlyOnceWithRedirects() async throws {
    let bench = Bench { _, index throws(TransportError) in
      if index == 1 {
        return HTTPClientResponse(status: 307, fields: [HTTPField("Location", "/b")])
      }
      throw VendorClientTests.unanswered
    }
    #expect(try await bench.failure().reason == .connection)
    #expect(bench.gate.codes == ["connection", "307", "connection"])
  }

  /// Without room for a second request the first one's failure is the cause.
  @Test func aRepeatWithoutRoomIsNotSent() async throws {
    let http = ScriptedHTTPClient { _, _ throws(TransportError) in
      throw VendorClientTests.unanswered
    }
    let gate = OneWayGate()
    let client = VendorClient(
      http: http,
      gate: gate,
      time: SimulatedTime(unixTime: 0, participants: 0),
      settings: TargetSettings(name: "a", vendor: "v", url: "https://api.test")
    )
    let error = await #expect(throws: CollectionError.self) {
      _ = try await client.send("GET", "/", fields: [], endpoint: "GET /")
    }
    #expect(error?.reason == .connection)
    #expect(http.requests.count == 1)
  }

  private static var unanswered: TransportError {
    var error = TransportError(code: .connection, message: "it ended")
    error.isUnanswered = true
    return error
  }

  /// RFC 9110, section 10.2.3: the least time before the redirected request.
  @Test func aRedirectMayAskToWait() async throws {
    let bench = Bench { _, index throws(TransportError) in
      index > 0
        ? HTTPClientResponse(status: 200)
        : HTTPClientResponse(
          status: 307,
          fields: [HTTPField("Location", "/b"), HTTPField("Retry-After", "5")]
        )
    }
    #expect(try await bench.send().status == 200)
    #expect(bench.gate.refusals == [5])
  }

  @Test(arguments: [
    (TransportError.Code.timeout, FailureReason.timeout, "timeout"),
    (.connection, .connection, "connection"), (.tls, .tls, "tls"),
    (.tooLarge, .tooLarge, "too_large"), (.invalidRequest, .connection, "invalid_request"),
  ])
  func transportFailures(
    _ code: TransportError.Code,
    _ reason: FailureReason,
    _ label: String
  ) async throws {
    let bench = Bench { _, _ throws(TransportError) in
      throw TransportError(code: code, message: "what was seen")
    }
    let failure = try await bench.failure()
    #expect(failure == CollectionError(reason, endpoint: "GET /path", "what was seen"))
    #expect(bench.gate.codes == [label])
    #expect(bench.gate.refusals.isEmpty)
  }

  @Test func aCancelledTransferIsACancellation() async {
    let bench = Bench { _, _ throws(TransportError) in
      throw TransportError(code: .cancelled, message: "cancelled")
    }
    await #expect(throws: CancellationError.self) { _ = try await bench.send() }
    #expect(bench.gate.codes == ["cancelled"])
  }

  @Test func nothingIsSentPastAClosedGate() async {
    let http = ScriptedHTTPClient { _, _ throws(TransportError) in HTTPClientResponse(status: 200) }
    let gate = ClosedGate()
    let client = VendorClient(
      http: http,
      gate: gate,
      time: SimulatedTime(unixTime: 0, participants: 0),
      settings: TargetSettings(name: "a", vendor: "v", url: "https://api.test")
    )
    let error = await #expect(throws: CollectionError.self) {
      _ = try await client.send("GET", "/", fields: [], endpoint: "GET /")
    }
    #expect(error?.reason == .budget)
    #expect(http.requests.isEmpty)
  }

  @Test func aHeaderSecretThatCannotBeReadSendsNothing() async throws {
    var bench = Bench { _, _ throws(TransportError) in HTTPClientResponse(status: 200) }
    bench.settings.headers = [
      HeaderSetting(name: "X-Token", value: Secret(file: "/nonexistent/token"))
    ]
    let failure = try await bench.failure()
    #expect(failure.reason == .auth)
    #expect(failure.message.contains("/nonexistent/token"))
    #expect(bench.http.requests.isEmpty)
    #expect(bench.gate.entered.isEmpty)
  }

  @Test func redirectsPassTheGateEach() async throws {
    let bench = Bench { _, index throws(TransportError) in
      index < 3
        ? HTTPClientResponse(status: 307, fields: [HTTPField("Location", "/hop\(index)")])
        : HTTPClientResponse(status: 200, body: [5])
    }
    #expect(try await bench.send("POST", body: [1]).body == [5])
    #expect(
      bench.http.requests.map(\.url) == [
        "https://api.test/base/path?q=1", "https://api.test/hop0", "https://api.test/hop1",
        "https://api.test/hop2",
      ]
    )
    #expect(bench.http.requests.allSatisfy { $0.method == "POST" && $0.body == [1] })
    #expect(bench.gate.entered.count == 4)
    #expect(bench.gate.codes == ["307", "307", "307", "200"])
  }

  @Test func aFourthRedirectEndsTheRequest() async throws {
    let bench = Bench { _, _ throws(TransportError) in
      HTTPClientResponse(status: 308, fields: [HTTPField("Location", "/again")])
    }
    let failure = try await bench.failure()
    #expect(failure.reason == .httpStatus)
    #expect(failure.message == "more than 3 redirects; check the target's url")
    #expect(bench.http.requests.count == 4)
  }

  @Test(arguments: [
    "https://evil.test/", "//evil.test/", "http://api.test/", "https://api.test\\@evil.test/",
    "https://api.test@evil.test/", "https://api.test:8443/",
  ])
  func secretsStayAtTheirHost(_ location: String) async throws {
    let bench = Bench { _, _ throws(TransportError) in
      HTTPClientResponse(status: 307, fields: [HTTPField("Location", location)])
    }
    let failure = try await bench.failure()
    #expect(failure.reason == .httpStatus)
    #expect(bench.http.requests.count == 1)
  }
}

/// A gate that lets one request through.
private final class OneWayGate: RequestGate {
  private let gate = OpenGate()

  func enter(endpoint: String) async throws {
    guard gate.entered.isEmpty else {
      throw CollectionError(.budget, endpoint: endpoint, "no room", retryAfter: 60)
    }
    try await gate.enter(endpoint: endpoint)
  }

  func leave(code: String, seconds: Double) { gate.leave(code: code, seconds: seconds) }

  func refused(retryAfter: Double?) { gate.refused(retryAfter: retryAfter) }
}

/// A gate whose budget is used up; a request that leaves without having entered is an error.
private struct ClosedGate: RequestGate {
  func enter(endpoint: String) async throws {
    throw CollectionError(.budget, endpoint: endpoint, "no room", retryAfter: 60)
  }

  func leave(code: String, seconds: Double) {
    Issue.record("left with \(code) without having entered")
  }

  func refused(retryAfter: Double?) {
    Issue.record("refused without a request")
  }
}

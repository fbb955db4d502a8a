public import HTTPTransport

/// Sends one target's requests: through its budget, with its settings, and with every failure
/// turned into a `CollectionError`.
public struct VendorClient: Sendable {
  private let http: any HTTPClient
  private let gate: any RequestGate
  private let time: any TimeSource
  private let settings: TargetSettings

  /// The secrets that were sent so far.
  let sent = SentSecrets()

  /// The most redirects that are followed for one request; each goes through the budget.
  private static let maximumRedirects = 3
  /// What some programs put before UTF-8 text (RFC 8259, section 8.1: a parser may ignore it).
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// A client for one target.
  public init(
    http: any HTTPClient,
    gate: any RequestGate,
    time: any TimeSource,
    settings: TargetSettings
  ) {
    self.http = http
    self.gate = gate
    self.time = time
    self.settings = settings
  }

  /// Sends a request and returns its answer where that is a success (2xx).
  ///
  /// A request that got no answer at all is sent once more, on a connection of its own: it may have
  /// met a connection that the server was about to close. Every request goes through the budget.
  ///
  /// - Parameters:
  ///   - method: `GET` or `POST`.
  ///   - path: The path and query behind the target's `url`; without secrets.
  ///   - fields: The vendor's own fields; the target's `http_headers` are added.
  ///   - body: The body of a POST.
  ///   - endpoint: The request's name in errors.
  /// - Returns: The answer to the request, or to the last of its redirects.
  /// - Throws: `CollectionError`, or `CancellationError`.
  public func send(
    _ method: String,
    _ path: String,
    fields: [HTTPField],
    body: [UInt8]? = nil,
    endpoint: String
  ) async throws -> HTTPClientResponse {
    var request = HTTPClientRequest(
      method: method,
      url: settings.url + path,
      fields: fields,
      body: body,
      timeout: settings.timeout,
      maxResponseSize: settings.maxResponseSize,
      connection: settings.connection
    )
    request.isSentOnce = true
    sent.add(SecretMask.secrets(in: fields))
    do {
      let extra = try settings.extraFields()
      request.fields += extra
      for (field, header) in zip(extra, settings.headers) where header.isSecret {
        sent.add(SecretMask.secrets(in: field))
      }
    } catch {
      throw CollectionError(.auth, endpoint: endpoint, "\(error)")
    }
    var mayRepeat = true
    for _ in 0...VendorClient.maximumRedirects {
      let response = try await answer(to: request, &mayRepeat, endpoint: endpoint)
      if (200...299).contains(response.status) {
        guard let fault = response.codingFault else { return response }
        throw CollectionError(.decode, endpoint: endpoint, fault, status: response.status)
      }
      guard let next = Redirect.target(of: response, to: request) else {
        throw failure(response, endpoint: endpoint)
      }
      // The least time before the redirected request (RFC 9110, section 10.2.3).
      if let wait = RetryHint.delay(in: response, now: time.unixTime), wait > 0 {
        gate.refused(retryAfter: wait)
      }
      request.url = next
    }
    throw CollectionError(
      .httpStatus,
      endpoint: endpoint,
      "more than \(VendorClient.maximumRedirects) redirects; check the target's url"
    )
  }

  /// One request, and another one where nothing was answered.
  private func answer(
    to request: HTTPClientRequest,
    _ mayRepeat: inout Bool,
    endpoint: String
  ) async throws -> HTTPClientResponse {
    var outcome = try await exchange(request, endpoint: endpoint)
    if mayRepeat, VendorClient.isUnanswered(outcome) {
      mayRepeat = false
      var again = request
      again.needsFreshConnection = true
      do {
        outcome = try await exchange(again, endpoint: endpoint)
      } catch is CollectionError {
        // The budget has no room: what happened first is what there is to tell.
      }
    }
    switch outcome {
    case .success(let response): return response
    case .failure(let error):
      throw CollectionError(error.code.reason, endpoint: endpoint, error.message)
    }
  }

  /// Whether the server has done nothing with the request: no byte of an answer came, or the answer
  /// says that no request did (408) or that it came by the wrong connection (421; RFC 9110, sections
  /// 15.5.9 and 15.5.20).
  private static func isUnanswered(_ outcome: Result<HTTPClientResponse, TransportError>) -> Bool {
    switch outcome {
    case .success(let response):
      (response.status == 408 || response.status == 421) && response.field("retry-after") == nil
    case .failure(let error): error.isUnanswered
    }
  }

  /// One request through the gate.
  ///
  /// - Throws: What the gate throws, or `CancellationError`.
  private func exchange(
    _ request: HTTPClientRequest,
    endpoint: String
  ) async throws -> Result<HTTPClientResponse, TransportError> {
    try await gate.enter(endpoint: endpoint)
    let start = time.uptime
    do {
      var response = try await http.send(request)
      gate.leave(code: String(response.status), seconds: time.uptime - start)
      if response.body.starts(with: VendorClient.byteOrderMark) {
        response.body.removeFirst(VendorClient.byteOrderMark.count)
      }
      return .success(response)
    } catch {
      gate.leave(code: error.code.label, seconds: time.uptime - start)
      if error.code == .cancelled { throw CancellationError() }
      return .failure(error)
    }
  }

  /// What an answer with a success's status stands for that does not hold what was asked for.
  ///
  /// - Parameters:
  ///   - response: The answer.
  ///   - endpoint: The request's name.
  ///   - text: What it says of its failure, where that is in no known envelope.
  ///   - preface: What it is known to say without a text; makes it a failure.
  /// - Returns: The failure; nil where the answer does not speak of one.
  public func refusal(
    in response: HTTPClientResponse,
    endpoint: String,
    saying text: String? = nil,
    preface: String? = nil
  ) -> CollectionError? {
    let envelope = ErrorEnvelope(response.body)
    let said = (text ?? envelope?.text).map(shown)
    guard said != nil || preface != nil || envelope?.isFailure ?? false else { return nil }
    let message =
      [preface.map(shown), said].compactMap { $0 }.joined(separator: ": ")
    return error(
      response,
      saying: said,
      codes: envelope?.codes ?? [],
      text: message.isEmpty ? "the answer says that it is a failure, and not why" : message,
      endpoint: endpoint
    )
  }

  /// The failure that an answer outside 2xx stands for.
  private func failure(_ response: HTTPClientResponse, endpoint: String) -> CollectionError {
    let envelope = ErrorEnvelope(response.body)
    let said = envelope?.text.map(shown)
    var text = "HTTP \(response.status)"
    if let said { text += ": \(said)" }
    switch response.status {
    case 300...399:
      let location = response.field("location").map { shown(Redirect.withoutQuery($0)) }
      text +=
        " to \(location ?? "nowhere"), which is not followed; set the target's url to the final address"
    case 407: text += ": the proxy wants a user and password; put them into proxy_url"
    case 511: text += ": the network wants a login before it lets anything through"
    // Many servers send a page of their own where there is nothing, or no right key.
    case 401, 404: break
    default:
      if Refusal.isPage(response) {
        text +=
          " with a page for people: a proxy or firewall refused the request, or answered for the "
          + "vendor; ask who runs it"
      }
    }
    return error(
      response,
      saying: said,
      codes: envelope?.codes ?? [],
      text: text,
      endpoint: endpoint
    )
  }

  /// A failure by its reason, with the wait that the answer asks for.
  private func error(
    _ response: HTTPClientResponse,
    saying said: String?,
    codes: [String],
    text: String,
    endpoint: String
  ) -> CollectionError {
    let reason = Refusal.reason(of: response, saying: said, codes: codes)
    var text = text
    if reason == .auth {
      if text.hasSuffix(".") { text.removeLast() }
      text += "; check the target's credentials and their permissions"
    }
    let now = time.unixTime
    let wait =
      reason == .rateLimited
      ? RetryHint.seconds(in: response, now: now, widest: gate.widestWindow)
      : RetryHint.delay(in: response, now: now)
    if reason == .rateLimited || wait != nil { gate.refused(retryAfter: wait) }
    return CollectionError(
      reason,
      endpoint: endpoint,
      text,
      retryAfter: wait,
      status: response.status
    )
  }

  /// Text of an answer, fit for a message: without the secrets, which are looked for before it is cut.
  private func shown(_ text: String) -> String {
    ErrorEnvelope.printable(masked(text))
  }
}

extension TransportError.Code {
  /// The label `code` of `cx_exporter_vendor_requests_total` where there is no status.
  var label: String {
    switch self {
    case .timeout: "timeout"
    case .connection: "connection"
    case .tls: "tls"
    case .tooLarge: "too_large"
    case .cancelled: "cancelled"
    case .invalidRequest: "invalid_request"
    }
  }

  /// The poll's reason; a request that cannot be sent at all counts as a failed connection.
  var reason: FailureReason {
    switch self {
    case .timeout: .timeout
    case .connection, .cancelled, .invalidRequest: .connection
    case .tls: .tls
    case .tooLarge: .tooLarge
    }
  }
}

public import HTTPTransport

/// Sends one target's requests: through its budget, with its settings, and with every failure
/// turned into a `CollectionError`.
public struct VendorClient: Sendable {
  private let http: any HTTPClient
  private let gate: any RequestGate
  private let time: any TimeSource
  private let settings: TargetSettings

  /// The most redirects that are followed for one request; each goes through the budget.
  private static let maximumRedirects = 3

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
    do {
      request.fields += try settings.extraFields()
    } catch {
      throw CollectionError(.auth, endpoint: endpoint, "\(error)")
    }
    for _ in 0...VendorClient.maximumRedirects {
      let response = try await exchange(request, endpoint: endpoint)
      if (200...299).contains(response.status) { return response }
      guard let next = Redirect.target(of: response, to: request) else {
        throw failure(response, to: request, endpoint: endpoint)
      }
      request.url = next
    }
    throw CollectionError(
      .httpStatus,
      endpoint: endpoint,
      "more than \(VendorClient.maximumRedirects) redirects; check the target's url"
    )
  }

  /// One request through the gate.
  private func exchange(
    _ request: HTTPClientRequest,
    endpoint: String
  ) async throws -> HTTPClientResponse {
    try await gate.enter(endpoint: endpoint)
    let start = time.uptime
    do {
      var response = try await http.send(request)
      gate.leave(code: String(response.status), seconds: time.uptime - start)
      response.body = SecretMask.masked(response.body, fields: request.fields)
      return response
    } catch {
      gate.leave(code: error.code.label, seconds: time.uptime - start)
      if error.code == .cancelled { throw CancellationError() }
      throw CollectionError(error.code.reason, endpoint: endpoint, error.message)
    }
  }

  /// The failure that an answer outside 2xx stands for.
  private func failure(
    _ response: HTTPClientResponse,
    to request: HTTPClientRequest,
    endpoint: String
  ) -> CollectionError {
    let said = ErrorEnvelope.message(in: response.body)
    var text = "HTTP \(response.status)"
    if let said { text += ": \(said)" }
    // Kore.ai documents the texts for its rate limit, but not their status.
    if let said, RetryHint.speaksOfRateLimit(said) {
      return refusal(response, text: text, endpoint: endpoint)
    }
    switch response.status {
    case 401, 403:
      if text.hasSuffix(".") { text.removeLast() }
      text += "; check the target's credentials and their permissions"
      return CollectionError(.auth, endpoint: endpoint, text, status: response.status)
    case 429:
      return refusal(response, text: text, endpoint: endpoint)
    case 300...399:
      let location = response.field("location").map { location in
        SecretMask.masked(Redirect.withoutQuery(location), fields: request.fields)
      }
      text +=
        " to \(location ?? "nowhere"), which is not followed; set the target's url to the final address"
      return CollectionError(.httpStatus, endpoint: endpoint, text, status: response.status)
    default:
      return CollectionError(.httpStatus, endpoint: endpoint, text, status: response.status)
    }
  }

  private func refusal(
    _ response: HTTPClientResponse,
    text: String,
    endpoint: String
  ) -> CollectionError {
    let wait = RetryHint.seconds(in: response, now: time.unixTime)
    gate.refused(retryAfter: wait)
    return CollectionError(
      .rateLimited,
      endpoint: endpoint,
      text,
      retryAfter: wait,
      status: response.status
    )
  }

  /// Reports an answer with 200 whose text says that the rate limit was reached.
  ///
  /// Kore.ai documents the texts but no status for them.
  public func rateLimited(
    _ response: HTTPClientResponse,
    text: String,
    endpoint: String
  ) -> CollectionError {
    refusal(response, text: text, endpoint: endpoint)
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

/// Sends requests to vendors: libcurl in the agent, a fake in tests.
public protocol HTTPClient: Sendable {
  /// Sends one request and waits for its whole answer; follows no redirect.
  ///
  /// Cancelling the surrounding task ends the transfer at once.
  ///
  /// - Throws: `TransportError` where there is no complete answer. An answer with any status,
  ///   4xx and 5xx included, is returned.
  func send(_ request: HTTPClientRequest) async throws(TransportError) -> HTTPClientResponse
}

/// One header field; names compare without case (RFC 9110, section 5.1).
public struct HTTPField: Sendable, Equatable {
  /// The name as it was written.
  public var name: String
  /// The value without surrounding white space.
  public var value: String

  /// Pairs a name with a value.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A request to a vendor.
public struct HTTPClientRequest: Sendable {
  /// `GET` or `POST`.
  public var method: String
  /// The absolute URL, query included; never holds a secret.
  public var url: String
  /// Fields to send; values may hold secrets, so they are never logged.
  public var fields: [HTTPField]
  /// The body of a POST.
  public var body: [UInt8]?
  /// From the start of the connection to the last byte of the answer.
  public var timeout: Duration
  /// The most bytes of body that are taken, after decompression.
  public var maxResponseSize: Int
  /// The target's proxy and TLS settings.
  public var connection: ConnectionOptions

  /// A request with default connection options and no body.
  public init(
    method: String,
    url: String,
    fields: [HTTPField] = [],
    body: [UInt8]? = nil,
    timeout: Duration = .seconds(10),
    maxResponseSize: Int = 8 << 20,
    connection: ConnectionOptions = ConnectionOptions()
  ) {
    self.method = method
    self.url = url
    self.fields = fields
    self.body = body
    self.timeout = timeout
    self.maxResponseSize = maxResponseSize
    self.connection = connection
  }
}

/// How the connection to a target is made: Prometheus' HTTP client keys.
public struct ConnectionOptions: Sendable, Hashable {
  /// The lowest TLS version that is accepted.
  public enum TLSVersion: String, Sendable, CaseIterable {
    case tls10 = "TLS10"
    case tls11 = "TLS11"
    case tls12 = "TLS12"
    case tls13 = "TLS13"
  }

  /// `http://`, `https://` or `socks5://` with an optional user and password; nil uses none,
  /// whatever the environment says.
  public var proxyURL: String?
  /// Hosts, comma-separated, that are reached without the proxy.
  public var noProxy: String?
  /// A PEM file with the authorities to trust instead of the system's.
  public var caFile: String?
  /// A PEM file with the client's certificate.
  public var certificateFile: String?
  /// A PEM file with the client certificate's key.
  public var keyFile: String?
  /// The name to ask for and to verify instead of the URL's host.
  public var serverName: String?
  /// The lowest TLS version; TLS 1.2 where nothing else is said.
  public var minimumTLSVersion: TLSVersion = .tls12
  /// Turns certificate verification off.
  public var skipsVerification = false

  /// No proxy, the system's authorities, TLS 1.2 and up.
  public init() {}
}

/// A vendor's whole answer.
public struct HTTPClientResponse: Sendable {
  /// The status code.
  public var status: Int
  /// The fields of the final answer, in order.
  public var fields: [HTTPField]
  /// The body after decompression.
  public var body: [UInt8]

  /// An answer with its fields and body.
  public init(status: Int, fields: [HTTPField] = [], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// The first field with that name, whatever its case, or nil.
  public func field(_ name: String) -> String? {
    let wanted = name.lowercased()
    return fields.first { $0.name.lowercased() == wanted }?.value
  }
}

/// Why there is no complete answer.
public struct TransportError: Error, Sendable, Equatable {
  /// The kinds of failure a poll tells apart.
  public enum Code: String, Sendable {
    /// The deadline passed.
    case timeout
    /// Name resolution, connect, reset, early close, or an answer that is not HTTP.
    case connection
    /// Handshake or certificate verification failed.
    case tls
    /// The body was larger than `maxResponseSize`.
    case tooLarge
    /// The surrounding task was cancelled.
    case cancelled
    /// The request itself cannot be sent: a malformed URL or an unreadable certificate file.
    case invalidRequest
  }

  /// The kind of failure.
  public var code: Code
  /// One line for people: what was seen and where; never a secret.
  public var message: String

  /// A failure of that kind.
  public init(code: Code, message: String) {
    self.code = code
    self.message = message
  }
}

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
  /// Sends the request on a connection of its own, whatever idle ones there are.
  public var needsFreshConnection = false
  /// Whether a request without an answer fails with `TransportError.isUnanswered`.
  ///
  /// Otherwise libcurl itself repeats a request on which an idle connection ended.
  public var isSentOnce = false

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

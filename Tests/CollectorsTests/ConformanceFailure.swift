import CollectorKit
import HTTPTransport
import Testing

/// A way in which a vendor, or the way to it, fails, and what a collector must make of it.
struct ConformanceFailure: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let reason: FailureReason
  let retryAfter: Double?
  let answer:
    @Sendable (ConformanceVendor, HTTPClientRequest) throws(TransportError) -> HTTPClientResponse

  /// A failure of the transport.
  private init(_ code: TransportError.Code, _ message: String, _ reason: FailureReason) {
    testDescription = "transport: \(message)"
    self.reason = reason
    retryAfter = nil
    answer = { _, _ throws(TransportError) in throw TransportError(code: code, message: message) }
  }

  /// An answer of the vendor, or of whatever stands at its address.
  private init(
    _ description: String,
    _ reason: FailureReason,
    status: Int = 200,
    type: String = "application/json",
    fields: [HTTPField] = [],
    retryAfter: Double? = nil,
    body: @escaping @Sendable (ConformanceVendor, HTTPClientRequest) -> String
  ) {
    testDescription = description
    self.reason = reason
    self.retryAfter = retryAfter
    answer = { vendor, request throws(TransportError) in
      HTTPClientResponse(
        status: status,
        fields: [HTTPField("Content-Type", type)] + fields,
        body: Array(body(vendor, request).utf8)
      )
    }
  }

  private static let page = "<!doctype html><html><body>Something else</body></html>"

  /// The text of Rocket.Chat's limiter (its ApiClass.ts).
  private static let waitText =
    #"{"success":false,"error":"Error, too many requests. Please slow down. You must wait 20 "#
    + #"seconds before trying this endpoint again. [error-too-many-requests]"}"#

  static let all: [ConformanceFailure] = transport + statuses + bodies

  private static let transport = [
    ConformanceFailure(.timeout, "no answer within 10 s", .timeout),
    ConformanceFailure(.connection, "connection refused", .connection),
    ConformanceFailure(.connection, "connection reset by peer", .connection),
    ConformanceFailure(.tls, "certificate has expired", .tls),
    ConformanceFailure(.tooLarge, "the answer is larger than 8 MiB", .tooLarge),
  ]

  private static let statuses = [
    ConformanceFailure("401", .auth, status: 401) { _, _ in #"{"message":"Unauthorized"}"# },
    ConformanceFailure("403", .auth, status: 403) { _, _ in #"{"error":"forbidden"}"# },
    ConformanceFailure(
      "429 with Retry-After in seconds",
      .rateLimited,
      status: 429,
      fields: [HTTPField("Retry-After", "30")],
      retryAfter: 30
    ) { _, _ in "" },
    ConformanceFailure(
      "429 with Retry-After as a date",
      .rateLimited,
      status: 429,
      fields: [HTTPField("Retry-After", "Thu, 15 Jan 2026 10:01:30 GMT")],
      retryAfter: 90
    ) { _, _ in "" },
    ConformanceFailure(
      "429 with X-RateLimit-Reset in milliseconds",
      .rateLimited,
      status: 429,
      fields: [HTTPField("X-RateLimit-Reset", "1768471245000")],
      retryAfter: 45
    ) { _, _ in "" },
    ConformanceFailure("429 with a text", .rateLimited, status: 429, retryAfter: 20) { _, _ in
      waitText
    },
    ConformanceFailure("429 without a hint", .rateLimited, status: 429) { _, _ in "" },
    ConformanceFailure("500", .httpStatus, status: 500) { _, _ in
      #"{"success":false,"error":"Internal server error"}"#
    },
    ConformanceFailure("503 with HTML", .httpStatus, status: 503, type: "text/html") { _, _ in
      page
    },
    ConformanceFailure(
      "302 to another host",
      .httpStatus,
      status: 302,
      fields: [HTTPField("Location", "https://elsewhere.test/login?next=1")]
    ) { _, _ in "" },
  ]

  private static let bodies = [
    ConformanceFailure("200 with HTML", .decode, type: "text/html") { _, _ in page },
    ConformanceFailure("200 with HTML that calls itself JSON", .decode) { _, _ in page },
    ConformanceFailure("200 with an empty body", .decode) { _, _ in "" },
    ConformanceFailure("200 with truncated JSON", .decode) { vendor, request in
      let whole = vendor.good(request)
      return String(whole.prefix(whole.count / 2))
    },
    ConformanceFailure("200 with text", .decode, type: "text/plain") { _, _ in "Bad gateway" },
    ConformanceFailure("200 with NaN", .decode) { _, _ in #"{"data":NaN,"status":"SUCCESS"}"# },
    ConformanceFailure("200 with {}", .decode) { _, _ in "{}" },
    ConformanceFailure("200 with []", .decode) { _, _ in "[]" },
    ConformanceFailure("200 with null", .decode) { _, _ in "null" },
    ConformanceFailure("200 with an error envelope", .vendorError) { vendor, _ in
      vendor.errorEnvelope
    },
  ]
}

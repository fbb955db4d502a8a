import HTTPTransport
import Testing

@testable import CollectorKit

/// How long a vendor asks to wait: RFC 9110, section 10.2.3, and Rocket.Chat's ApiClass.ts.
@Suite struct RetryHintTests {
  struct Case: Sendable {
    let fields: [HTTPField]
    let body: String
    let seconds: Double?

    init(_ fields: [(String, String)], _ seconds: Double?, body: String = "") {
      self.fields = fields.map { HTTPField($0.0, $0.1) }
      self.seconds = seconds
      self.body = body
    }
  }

  /// 2026-01-10T00:00:00Z.
  private static let now = 1_768_003_200.0

  private static let rocketChat =
    #"{"success":false,"error":"Error, too many requests. Please slow down. You must wait 42 "#
    + #"seconds before trying this endpoint again. [error-too-many-requests]"}"#

  static let cases = [
    Case([], nil),
    Case([("Retry-After", "120")], 120),
    Case([("retry-after", "0")], 0),
    Case([("Retry-After", "3601")], 3600),
    Case([("Retry-After", "99999999999999999999999999")], 3600),
    Case([("Retry-After", String(repeating: "9", count: 400))], 3600),
    Case([("Retry-After", "Sat, 10 Jan 2026 00:05:00 GMT")], 300),
    Case([("Retry-After", "Saturday, 10-Jan-26 00:05:00 GMT")], 300),
    Case([("Retry-After", "Sat Jan 10 00:05:00 2026")], 300),
    Case([("Retry-After", "Fri, 09 Jan 2026 23:00:00 GMT")], 0),
    Case([("Retry-After", "Sat, 10 Jan 2099 00:00:00 GMT")], 3600),
    Case([("Retry-After", "-5")], nil), Case([("Retry-After", "1.5")], nil),
    Case([("Retry-After", "")], nil), Case([("Retry-After", "soon")], nil),
    Case([("Retry-After", "0x10")], nil), Case([("Retry-After", "٥")], nil),
    Case([("Retry-After", "Sat, 31 Feb 2026 00:05:00 GMT")], nil),
    // Rocket.Chat: epoch milliseconds.
    Case([("X-RateLimit-Reset", "1768003230500")], 30.5),
    Case([("X-RateLimit-Reset", "1768003100000")], 0),
    Case([("X-RateLimit-Reset", "1768003260")], 60),
    Case([("X-RateLimit-Reset", "15")], 15),
    Case([("X-RateLimit-Reset", "999999999999999999999")], 3600),
    Case([("X-RateLimit-Reset", "never")], nil),
    Case([("X-RateLimit-Reset", "1768003230500"), ("Retry-After", "7")], 7),
    Case([("X-RateLimit-Reset", "1768003230500"), ("Retry-After", "?")], 30.5),
    Case([], 42, body: rocketChat),
    Case([("Retry-After", "nonsense")], 42, body: rocketChat),
    Case([], nil, body: #"{"errors":[{"msg":"Please wait for sometime before retrying."}]}"#),
    Case([], nil, body: #"{"error":"wait -3 seconds"}"#),
    Case([], 3600, body: #"{"error":"You must wait 99999999999999999999 seconds"}"#),
    Case([], 1, body: #"{"error":"Wait 1 second."}"#),
    Case([], nil, body: #"{"error":"wait"}"#),
  ]

  /// A server whose clock is an hour ahead: its times are compared with its own.
  private static let ahead = [("Date", "Sat, 10 Jan 2026 01:00:00 GMT")]

  static let clocks = [
    Case(ahead + [("Retry-After", "Sat, 10 Jan 2026 01:00:30 GMT")], 30),
    Case(ahead + [("X-RateLimit-Reset", "1768006830000")], 30),
    Case(ahead + [("X-RateLimit-Reset", "1768006830")], 30),
    Case(ahead + [("Retry-After", "30")], 30),
    // Behind by an hour.
    Case(
      [
        ("Date", "Fri, 09 Jan 2026 23:00:00 GMT"), ("Retry-After", "Fri, 09 Jan 2026 23:00:30 GMT"),
      ],
      30
    ),
    // The widest window is a minute: nothing that a clock says is longer.
    Case([("Retry-After", "Sat, 10 Jan 2026 01:00:30 GMT")], 60),
    Case([("X-RateLimit-Reset", "1768006830000")], 60),
    Case([("X-RateLimit-Reset", "3600")], 60),
    Case([("Date", "nonsense"), ("X-RateLimit-Reset", "1768003230500")], 30.5),
    // A number of seconds needs no clock.
    Case([("Retry-After", "120")], 120),
  ]

  @Test(arguments: clocks)
  func clocksThatAreOff(_ item: Case) {
    let response = HTTPClientResponse(status: 429, fields: item.fields)
    let seconds = RetryHint.seconds(in: response, now: RetryHintTests.now, widest: 60)
    #expect(seconds == item.seconds)
  }

  @Test(arguments: cases)
  func hints(_ item: Case) {
    let response = HTTPClientResponse(
      status: 429,
      fields: item.fields,
      body: Array(item.body.utf8)
    )
    #expect(RetryHint.seconds(in: response, now: RetryHintTests.now) == item.seconds)
  }

  // Kore.ai's three wordings and Rocket.Chat's.
  @Test(arguments: [
    "You've exceeded the per-minute rate limit. Please wait for sometime before retrying.",
    "You've exceeded the hourly rate limit. Please wait for sometime before retrying.",
    "Rate limit for this API has been reached. Please try again after some time.",
    "Error, too many requests. Please slow down. [error-too-many-requests]",
    "RATE_LIMITED", "THROTTLED", "Too Many Requests", "rate-limit exceeded",
  ])
  func knownRateLimitTexts(_ text: String) {
    #expect(RetryHint.speaksOfRateLimit(text))
  }

  @Test(arguments: ["", "Invalid SDK credentials", "Internal Server Error", "rate"])
  func otherTexts(_ text: String) {
    #expect(!RetryHint.speaksOfRateLimit(text))
  }
}

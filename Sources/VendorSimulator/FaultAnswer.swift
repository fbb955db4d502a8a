import HTTPListener

/// The answers of faults that are the same for every vendor.
enum FaultAnswer {
  /// One mebibyte that every huge body shares.
  private static let filler = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)

  static let loginPage = html(200, title: "Sign in", text: "Please sign in to continue.")
  static let gatewayPage = html(
    503,
    title: "503 Service Temporarily Unavailable",
    text: "nginx"
  )
  static let plainText = HTTPResponse(
    status: 200,
    fields: [("Content-Type", "application/json; charset=utf-8")],
    body: [Array("upstream is warming up, hold on".utf8)]
  )
  static let empty = HTTPResponse(status: 200, fields: [("Content-Type", "application/json")])

  static func redirect(to location: String) -> HTTPResponse {
    .text(302, "302: moved", fields: [("Location", location)])
  }

  /// 429 with the hint, where there is one, in the field or the words that it names.
  static func rateLimited(
    _ retryAfter: Fault.RetryAfter?,
    by imitation: any VendorImitation,
    at time: Double
  ) -> HTTPResponse {
    var spoken: Int?
    var hint: [(name: String, value: String)] = []
    switch retryAfter {
    case .seconds(let seconds): hint = [("Retry-After", String(seconds))]
    case .date(let seconds): hint = [("Retry-After", Timestamp.http(time + Double(seconds)))]
    case .rocketChatResetMilliseconds(let seconds):
      let reset = Int(((time + Double(seconds)) * 1000).rounded())
      hint = [("X-RateLimit-Reset", String(reset))]
    case .textOnly(let seconds): spoken = seconds
    case nil: break
    }
    var response = imitation.refusal(.rateLimited(window: nil, seconds: spoken))
    response.fields += hint
    return response
  }

  /// A JSON string of exactly so many bytes, quotes included.
  static func huge(_ bytes: Int) -> HTTPResponse {
    let quote = [UInt8(ascii: "\"")]
    let inside = max(0, bytes - 2)
    var body = [quote]
    body += [[UInt8]](repeating: filler, count: inside / filler.count)
    body.append(Array(filler[..<(inside % filler.count)]))
    body.append(quote)
    return HTTPResponse(status: 200, fields: [("Content-Type", "application/json")], body: body)
  }

  /// The first half of an answer.
  static func truncated(_ response: HTTPResponse) -> HTTPResponse {
    var response = response
    let whole = response.body.flatMap { $0 }
    response.body = [Array(whole[..<(whole.count / 2)])]
    return response
  }

  private static func html(_ status: Int, title: String, text: String) -> HTTPResponse {
    let page =
      "<!DOCTYPE html><html><head><title>\(title)</title></head><body><h1>\(title)</h1>"
      + "<p>\(text)</p></body></html>\n"
    return HTTPResponse(
      status: status,
      fields: [("Content-Type", "text/html; charset=utf-8")],
      body: [Array(page.utf8)]
    )
  }
}

import HTTPListener

/// One vendor's endpoints.
protocol VendorImitation: Sendable {
  /// The answer to a request at a Unix time; a fault that is this vendor's own bends it.
  func answer(_ request: HTTPRequest, at now: Double, fault: Fault?) -> HTTPResponse

  /// A refusal in the vendor's own envelope.
  func refusal(_ refusal: Refusal) -> HTTPResponse
}

extension HTTPResponse {
  /// An answer in JSON.
  static func json(
    _ status: Int,
    _ value: JSONValue,
    fields: [(name: String, value: String)] = []
  ) -> HTTPResponse {
    HTTPResponse(
      status: status,
      fields: [("Content-Type", "application/json; charset=utf-8")] + fields,
      body: [value.encoded]
    )
  }
}

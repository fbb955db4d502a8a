private import FoundationEssentials
public import HTTPTransport

/// Turns an answer's bytes into a vendor's payload, or says what they are instead.
public enum PayloadDecoder {
  /// Decodes JSON.
  ///
  /// - Throws: `CollectionError` with the reason `decode`, which says what was seen: an empty
  ///   answer, HTML, text that is not JSON, or JSON of another shape and where.
  public static func decode<Payload: Decodable>(
    _ type: Payload.Type,
    from response: HTTPClientResponse,
    endpoint: String
  ) throws(CollectionError) -> Payload {
    func failure(_ message: String) -> CollectionError {
      CollectionError(.decode, endpoint: endpoint, message)
    }
    try refuseNonJSON(response, endpoint: endpoint)
    do {
      return try JSONDecoder().decode(type, from: Data(response.body))
    } catch let error as DecodingError {
      throw failure(text(of: error, bytes: response.body.count))
    } catch {
      throw failure("the answer of \(response.body.count) bytes is not JSON")
    }
  }

  /// Refuses what is plainly no JSON.
  ///
  /// - Throws: `CollectionError` with the reason `decode` for an empty answer and for HTML.
  static func refuseNonJSON(
    _ response: HTTPClientResponse,
    endpoint: String
  ) throws(CollectionError) {
    guard !response.body.isEmpty else {
      throw CollectionError(
        .decode,
        endpoint: endpoint,
        "HTTP \(response.status) with an empty body instead of JSON"
      )
    }
    if isPage(response.body) {
      throw CollectionError(
        .decode,
        endpoint: endpoint,
        "HTTP \(response.status) with an HTML page instead of JSON; "
          + "a login page or a proxy may stand at the target's url"
      )
    }
  }

  /// Whether a body is HTML or XML, whatever its `Content-Type`: gateways send JSON as `text/html`.
  static func isPage(_ body: [UInt8]) -> Bool {
    body.first { !" \t\r\n\u{C}".utf8.contains($0) } == UInt8(ascii: "<")
  }

  private static func text(of error: DecodingError, bytes: Int) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "the answer has no \"\(path(context.codingPath + [key]))\""
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(place(context.codingPath)) is not of the documented type"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      "\(place(context.codingPath)) cannot be read: "
        + ErrorEnvelope.printable(context.debugDescription)
    case .dataCorrupted:
      "the answer of \(bytes) bytes is not JSON, or ends too early"
    @unknown default:
      "the answer of \(bytes) bytes cannot be read"
    }
  }

  private static func place(_ keys: [any CodingKey]) -> String {
    keys.isEmpty ? "the answer" : "the answer's \"\(path(keys))\""
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    let text = keys.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
      .joined(separator: ".")
    return ErrorEnvelope.printable(text)
  }
}

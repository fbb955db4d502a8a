import CollectorKit
import ConfigurationFile
import HTTPTransport

extension VendorClient {
  /// Posts JSON with an API key, which is read afresh.
  ///
  /// - Parameters:
  ///   - path: The path behind the target's `url`.
  ///   - body: The JSON.
  ///   - key: The header field that the vendor wants it in, and the key.
  ///   - endpoint: The request's name in errors.
  /// - Returns: A successful answer.
  /// - Throws: `CollectionError`, or `CancellationError`.
  func post(
    _ path: String,
    _ body: [UInt8],
    key: (field: String, secret: Secret),
    endpoint: String
  ) async throws -> HTTPClientResponse {
    let value: String
    do {
      value = try key.secret.value()
    } catch {
      throw CollectionError(.auth, endpoint: endpoint, "\(error)")
    }
    return try await send(
      "POST",
      path,
      fields: [
        HTTPField(key.field, value), HTTPField("Content-Type", "application/json"),
        HTTPField("Accept", "application/json"),
      ],
      body: body,
      endpoint: endpoint
    )
  }
}

import CollectorKit
import HTTPTransport

/// What an answer with 200 that speaks of a failure stands for.
enum KoreRefusal {
  /// The failure in the vendor's words; nil where the answer speaks of none.
  static func error(
    _ response: HTTPClientResponse,
    _ context: CollectionContext,
    _ endpoint: String
  ) -> CollectionError? {
    guard let said = ErrorEnvelope.message(in: response.body) else { return nil }
    if RetryHint.speaksOfRateLimit(said) {
      return context.client.rateLimited(response, text: said, endpoint: endpoint)
    }
    return CollectionError(.vendorError, endpoint: endpoint, said)
  }
}

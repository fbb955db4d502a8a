import CollectorKit
import HTTPTransport

/// What an answer with 200 that holds no figures stands for.
enum RocketChatRefusal {
  /// The failure of an answer whose `success` is false, or that lacks what was asked for.
  ///
  /// - Parameters:
  ///   - success: The answer's `success`.
  ///   - response: The whole answer.
  ///   - context: Tells the budget of a rate limit.
  ///   - endpoint: The request's name.
  ///   - missing: What the answer lacks, where it does not speak of a failure.
  /// - Returns: A rate limit, a vendor's failure, or an answer that cannot be read.
  static func error(
    success: Bool?,
    _ response: HTTPClientResponse,
    _ context: CollectionContext,
    _ endpoint: String,
    missing: String
  ) -> CollectionError {
    let said = ErrorEnvelope.message(in: response.body)
    if let said, RetryHint.speaksOfRateLimit(said) {
      return context.client.rateLimited(response, text: said, endpoint: endpoint)
    }
    if success != false, said == nil {
      return CollectionError(.decode, endpoint: endpoint, missing)
    }
    return CollectionError(
      .vendorError,
      endpoint: endpoint,
      said ?? "\"success\" is false, and the answer does not say why"
    )
  }
}

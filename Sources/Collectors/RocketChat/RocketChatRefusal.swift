import CollectorKit
import HTTPTransport

/// What an answer with 200 that holds no figures stands for.
enum RocketChatRefusal {
  /// The failure of an answer whose `success` is false, or that lacks what was asked for.
  ///
  /// - Parameters:
  ///   - success: The answer's `success`.
  ///   - response: The whole answer.
  ///   - context: Its client classifies the answer.
  ///   - endpoint: The request's name.
  ///   - missing: What the answer lacks, where it does not speak of a failure.
  /// - Returns: What the answer says of its failure, or that it cannot be read.
  static func error(
    success: Bool?,
    _ response: HTTPClientResponse,
    _ context: CollectionContext,
    _ endpoint: String,
    missing: String
  ) -> CollectionError {
    let silent = ErrorEnvelope.message(in: response.body) == nil && success == false
    return context.client.refusal(
      in: response,
      endpoint: endpoint,
      preface: silent ? "\"success\" is false, and the answer does not say why" : nil
    ) ?? CollectionError(.decode, endpoint: endpoint, missing)
  }
}

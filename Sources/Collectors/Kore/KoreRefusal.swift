import CollectorKit
import HTTPTransport

/// What an answer with 200 that speaks of a failure stands for.
enum KoreRefusal {
  /// The failure in the vendor's words.
  ///
  /// - Parameters:
  ///   - hasErrors: Whether it has `errors`, in whatever form.
  ///   - response: The whole answer.
  ///   - context: Its client classifies the answer.
  ///   - endpoint: The request's name.
  /// - Returns: The failure; nil if the answer speaks of none.
  static func error(
    hasErrors: Bool = false,
    _ response: HTTPClientResponse,
    _ context: CollectionContext,
    _ endpoint: String
  ) -> CollectionError? {
    let isSilent = hasErrors && ErrorEnvelope.message(in: response.body) == nil
    return context.client.refusal(
      in: response,
      endpoint: endpoint,
      preface: isSilent ? "\"errors\" without a text that could be shown" : nil
    )
  }
}

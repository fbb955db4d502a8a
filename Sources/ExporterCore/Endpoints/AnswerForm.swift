import Exposition
import HTTPListener
import Synchronization

/// The form in which an exposition is sent: what it depends on of a request.
struct AnswerForm: Hashable, Sendable {
  let format: ExpositionFormat
  let isCompressed: Bool
}

/// Negotiates forms, and knows the outcome for fields that have come before.
final class AnswerForms: Sendable {
  private struct Fields: Hashable {
    let accept: String?
    let acceptEncoding: String?
  }

  private let known = Mutex<[Fields: AnswerForm]>([:])
  /// Few scrapers there are, and few ways in which they ask.
  private static let limit = 64

  /// The form that a request's `Accept` and `Accept-Encoding` ask for.
  func form(for request: HTTPRequest) -> AnswerForm {
    let fields = Fields(
      accept: request.field("accept"),
      acceptEncoding: request.field("accept-encoding")
    )
    return known.withLock { known in
      if let form = known[fields] { return form }
      let form = AnswerForm(
        format: ExpositionFormat.negotiate(accept: fields.accept),
        isCompressed: ContentCoding.acceptsGzip(fields.acceptEncoding)
      )
      if known.count >= AnswerForms.limit { known.removeAll() }
      known[fields] = form
      return form
    }
  }
}

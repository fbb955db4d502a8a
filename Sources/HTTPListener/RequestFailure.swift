/// Why a request is refused before any handler sees it; the connection closes after the answer.
struct RequestFailure: Error, Hashable {
  let status: Int
  let reason: String

  init(_ status: Int, _ reason: String) {
    self.status = status
    self.reason = reason
  }

  /// The answer: one line that says what was wrong and echoes nothing of it.
  var response: HTTPResponse {
    .text(status, "\(status): \(reason)")
  }
}

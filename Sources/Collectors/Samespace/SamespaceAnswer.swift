import CollectorKit

/// A GraphQL answer: `data`, `errors`, or both; or the refusal that the vendor's other interfaces
/// give, `{"success":false,"message":"…"}`.
///
/// The vendor documents no error. The GraphQL specification ("Response Format") lets `data` be
/// null, and lets it be partial beside `errors`, all with status 200.
struct SamespaceAnswer<Payload: Decodable & Sendable>: Decodable, Sendable {
  /// What was asked for, as far as it came.
  let data: Payload?
  /// What the vendor says of its own failure; nil where it names none.
  let complaint: String?

  private enum Key: String, CodingKey { case data, errors, success, message, error }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    complaint = SamespaceAnswer.complaint(in: container)
    // A complaint is worth more than the shape of what stands beside it.
    data =
      complaint == nil
      ? try container.decodeIfPresent(Payload.self, forKey: .data)
      : try? container.decodeIfPresent(Payload.self, forKey: .data)
  }

  private static func complaint(in container: KeyedDecodingContainer<Key>) -> String? {
    if let errors = try? container.decodeIfPresent([Item].self, forKey: .errors) {
      if let first = errors.first {
        let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
        return first.text + more
      }
    } else if container.contains(.errors), (try? container.decodeNil(forKey: .errors)) != true {
      return "errors without a text"
    }
    guard (try? container.decodeIfPresent(Bool.self, forKey: .success)) == false else { return nil }
    let text =
      (try? container.decodeIfPresent(String.self, forKey: .message))
      ?? (try? container.decodeIfPresent(String.self, forKey: .error))
    return text.map(ErrorEnvelope.printable) ?? "success is false, without a message"
  }

  /// One of `errors`: an object with a `message`.
  private struct Item: Decodable {
    let text: String

    enum Key: String, CodingKey { case message }

    init(from decoder: any Decoder) throws {
      let container = try? decoder.container(keyedBy: Key.self)
      let message = try? container?.decodeIfPresent(String.self, forKey: .message)
      text = message.map(ErrorEnvelope.printable) ?? "an error without a text"
    }
  }
}

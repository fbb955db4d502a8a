private import FoundationEssentials

/// Finds what a vendor says of its own failure, for the log line.
///
/// The known envelopes: Rocket.Chat `{"success":false,"error":"…"}` and `{"message":"…"}`,
/// Kore.ai `{"errors":[{"msg":"…","code":4002}]}`, GraphQL `{"errors":[{"message":"…"}]}`.
public enum ErrorEnvelope {
  /// The most bytes of a body that are looked at, and characters that are shown.
  private static let bodyLimit = 65_536
  private static let textLimit = 200

  /// The vendor's text, fit for one line of a log; nil where there is none.
  public static func message(in body: [UInt8]) -> String? {
    guard !body.isEmpty, body.count <= bodyLimit,
      let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(body))
    else { return nil }
    let texts = envelope.errors.map { error in
      error.code.map { "\(error.text) (code \($0))" } ?? error.text
    }
    guard let text = texts.first ?? envelope.error ?? envelope.message else { return nil }
    return printable(text)
  }

  /// Text from outside in one short line, length bounded: control characters, line separators and
  /// what turns the direction of writing become spaces.
  public static func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(textLimit) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return text.unicodeScalars.count > textLimit ? result + "…" : result
  }

  private struct Envelope: Decodable {
    let errors: [Item]
    let error: String?
    let message: String?

    enum Key: String, CodingKey { case errors, error, message }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      errors = (try? container.decode([Item].self, forKey: .errors)) ?? []
      error = try? container.decode(String.self, forKey: .error)
      message = try? container.decode(String.self, forKey: .message)
    }
  }

  private struct Item: Decodable {
    let text: String
    let code: String?

    enum Key: String, CodingKey { case msg, message, code }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      text =
        (try? container.decode(String.self, forKey: .msg))
        ?? (try? container.decode(String.self, forKey: .message)) ?? "an error without a text"
      code = (try? container.decode(Int.self, forKey: .code)).map(String.init)
    }
  }
}

private import FoundationEssentials

/// What a vendor says of its own failure.
///
/// The known envelopes: Rocket.Chat `{"success":false,"error":"…"}` and `{"message":"…"}`,
/// Kore.ai `{"errors":[{"msg":"…","code":4002}]}`, GraphQL `{"errors":[{"message":"…",
/// "extensions":{"code":"…"}}]}`, Experia `{"status":"…","message":"…"}`, and gateways'
/// `{"error":{"message":"…","code":…}}`.
public struct ErrorEnvelope: Sendable {
  /// The most bytes of a body that are looked at, and characters that are shown.
  private static let bodyLimit = 65_536
  private static let textLimit = 200

  /// The vendor's text as it is.
  let text: String?
  /// The error codes and types that it names.
  let codes: [String]
  /// Whether it says that the request failed, with or without a text.
  let isFailure: Bool

  /// Reads an answer's envelope; nil where the body is no JSON object.
  init?(_ body: [UInt8]) {
    guard !body.isEmpty, body.count <= ErrorEnvelope.bodyLimit,
      let members = try? JSONDecoder().decode(Members.self, from: Data(body))
    else { return nil }
    let texts = members.errors.map { error in
      error.code.map { "\(error.text ?? Item.silent) (code \($0))" } ?? error.text ?? Item.silent
    }
    text = texts.first ?? members.error ?? members.message ?? members.nested?.text
    codes = (members.errors + [members.nested].compactMap { $0 }).flatMap(\.codes) + members.codes
    isFailure = members.isFailure || !members.errors.isEmpty
  }

  /// The vendor's text, fit for one line of a log; nil where there is none.
  public static func message(in body: [UInt8]) -> String? {
    ErrorEnvelope(body)?.text.map(printable)
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

  private struct Members: Decodable {
    let errors: [Item]
    let error: String?
    let nested: Item?
    let message: String?
    let codes: [String]
    let isFailure: Bool

    enum Key: String, CodingKey {
      case errors, error, message, success, status, code, statusCode, errorType
    }

    private static let failures: Set<String> = ["error", "failed", "failure", "fail"]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      errors = ((try? container.decode([Item?].self, forKey: .errors)) ?? []).compactMap { $0 }
      error = try? container.decode(String.self, forKey: .error)
      nested = error == nil ? try? container.decode(Item.self, forKey: .error) : nil
      message = try? container.decode(String.self, forKey: .message)
      let status = try? container.decode(String.self, forKey: .status)
      codes = [Key.code, .statusCode, .errorType, .status].compactMap { key in
        (try? container.decode(Code.self, forKey: key))?.text
      }
      isFailure =
        (try? container.decode(Bool.self, forKey: .success)) == false
        || Members.failures.contains(status?.lowercased() ?? "")
    }
  }

  /// One error: an object, or a mere text.
  private struct Item: Decodable {
    static let silent = "an error without a text"

    let text: String?
    /// The code that belongs to the text.
    let code: String?
    /// All codes, GraphQL's `extensions.code` included.
    let codes: [String]

    enum Key: String, CodingKey { case msg, message, code, extensions }

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        self.text = text
        code = nil
        codes = []
        return
      }
      let container = try decoder.container(keyedBy: Key.self)
      text =
        (try? container.decode(String.self, forKey: .msg))
        ?? (try? container.decode(String.self, forKey: .message))
      code = (try? container.decode(Int.self, forKey: .code)).map(String.init)
      let extensions = try? container.nestedContainer(keyedBy: Key.self, forKey: .extensions)
      let more = try? extensions?.decode(Code.self, forKey: .code)
      codes = [try? container.decode(Code.self, forKey: .code), more].compactMap { $0?.text }
    }
  }

  /// A code, which is a number or a word.
  private struct Code: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        text = String(number)
      } else {
        text = try container.decode(String.self)
      }
    }
  }
}

/// Finds what must not become a label: e-mail addresses, telephone numbers and ids are personal, and
/// each makes a series of its own.
///
/// Names of queues, skills and campaigns hold numbers too: a year, a date, a level or a target in
/// seconds is no identifier, and neither is a long word.
public enum Identifier: String, Sendable {
  case email = "an e-mail address"
  case phone = "a telephone number"
  case id = "an id"

  /// What a value looks like, or nil.
  public static func kind(of value: String) -> Identifier? {
    // Every identifier has a digit or an `@`, and all but short addresses have seven characters:
    // most labels are plain words.
    let hasAt = value.utf8.contains(UInt8(ascii: "@"))
    let isPlain = value.utf8.allSatisfy { byte in byte < 0x80 && !(0x30...0x39).contains(byte) }
    if !hasAt, isPlain || value.utf8.count < 7 { return nil }
    let text = IdentifierText(value)
    if text.hasEmail { return .email }
    if text.hasID { return .id }
    if ISOTime.seconds(value) != nil { return nil }
    if text.hasPhone { return .phone }
    return text.hasRandomWord ? .id : nil
  }

  /// A value's shape, which shows nobody: `customer-care-2024` is `aaaaaaaa-aaaa-9999`.
  public static func shape(of value: String) -> String {
    let most = 40
    var shape = ""
    for character in value.prefix(most) {
      if character.isNumber {
        shape += "9"
      } else if character.isLetter {
        shape += character.isUppercase ? "A" : "a"
      } else {
        shape += character.isASCII && !character.isNewline ? String(character) : "?"
      }
    }
    return ErrorEnvelope.printable(shape) + (value.count > most ? "…" : "")
  }

  /// Whether a column's name says that it holds identifiers, as `client_id`, `agentEmail` or
  /// `session_key` do.
  public static func isSuspicious(column: String) -> Bool {
    let words = words(of: column)
    let telling: Set<String> = [
      "email", "emails", "mail", "phone", "phones", "telephone", "mobile", "msisdn", "username",
      "userid", "clientid", "sessionid", "customerid", "contactid", "visitorid", "uuid", "guid",
      "ip", "token",
    ]
    if words.contains(where: telling.contains) { return true }
    guard let last = words.last else { return false }
    return ["id", "ids", "key"].contains(last)
  }

  /// A value fit to be shown as an example: what is personal is hidden, and so is all that follows.
  public static func masked(_ value: String) -> String {
    switch kind(of: value) {
    case .email: "<e-mail>"
    case .phone: "<phone>"
    case .id: "<id>"
    case nil: ErrorEnvelope.printable(String(value.prefix(40)))
    }
  }

  /// `agentEmail`, `agent_email` and `agent.email` are all "agent" and "email".
  private static func words(of column: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for character in column {
      if character == "_" || character == "-" || character == "." || character == " " {
        words.append(word)
        word = ""
      } else {
        if character.isUppercase, wasLower {
          words.append(word)
          word = ""
        }
        word += character.lowercased()
      }
      wasLower = character.isLowercase
    }
    return (words + [word]).filter { !$0.isEmpty }
  }
}

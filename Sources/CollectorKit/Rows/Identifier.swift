/// Tells what must not become a label: e-mail addresses, telephone numbers and ids are personal, and
/// each makes a series of its own.
public enum Identifier: String, Sendable {
  case email = "an e-mail address"
  case phone = "a telephone number"
  case id = "an id"

  /// What a value looks like, or nil.
  public static func kind(of value: String) -> Identifier? {
    let bytes = Array(value.utf8)
    if isEmail(bytes) { return .email }
    if isPhone(bytes), ISOTime.seconds(value) == nil { return .phone }
    return isID(bytes) ? .id : nil
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

  /// Something, `@`, and something with a dot in it, without spaces around them.
  private static func isEmail(_ bytes: [UInt8]) -> Bool {
    guard let at = bytes.firstIndex(of: UInt8(ascii: "@")), at > 0, bytes[at - 1] > 0x20,
      at + 1 < bytes.count
    else { return false }
    let host = bytes[(at + 1)...].prefix { $0 > 0x20 }
    guard let dot = host.firstIndex(of: UInt8(ascii: ".")) else { return false }
    return dot > host.startIndex && dot + 1 < host.endIndex
  }

  /// Digits, of which some may be masked by an X, with what people put between them.
  private static func isPhone(_ bytes: [UInt8]) -> Bool {
    var digits = 0
    var masked = 0
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case 0x30...0x39: digits += 1
      case UInt8(ascii: "X"), UInt8(ascii: "x"), UInt8(ascii: "*"): masked += 1
      case UInt8(ascii: "+"): if index > 0 { return false }
      case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"),
        UInt8(ascii: "."), UInt8(ascii: "/"):
        if bytes.first == UInt8(ascii: "-") { return false }
      default: return false
      }
    }
    // A number with a fraction has one dot and nothing else between its digits.
    let others = bytes.count - digits
    if masked == 0, others == 1, bytes.contains(UInt8(ascii: ".")) { return false }
    let isMarked = bytes.first == UInt8(ascii: "+")
    return digits >= 3 && digits + masked >= (isMarked ? 7 : others > masked ? 9 : 7)
  }

  /// A UUID, a run of hexadecimal digits as databases make them, or a long word of letters and digits
  /// without a meaning.
  private static func isID(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 16 else { return false }
    var digits = 0
    var hexLetters = 0
    var letters = 0
    var others = 0
    for byte in bytes {
      switch byte {
      case 0x30...0x39: digits += 1
      case 0x41...0x46, 0x61...0x66: hexLetters += 1
      case 0x47...0x5A, 0x67...0x7A: letters += 1
      case UInt8(ascii: "-"), UInt8(ascii: "_"): others += 1
      default: return false
      }
    }
    guard digits > 0 else { return false }
    if letters == 0 { return digits + hexLetters >= 16 }
    // A word may carry a number or two; an id is full of them.
    return others <= 2 && digits >= 4 && digits * 6 >= bytes.count
  }
}

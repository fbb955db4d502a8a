/// Quotes text from a file in messages: short, on one line and without control characters.
public enum Excerpt {
  /// No message shows more of a value.
  static let maximumLength = 60

  /// The text in double quotes, cut after 60 characters.
  public static func quoted(_ text: String) -> String {
    quoted(text, limit: maximumLength)
  }

  /// A file's path in double quotes, as long as the system's paths get: a cut one helps nobody.
  static func path(_ path: String) -> String {
    quoted(path, limit: 4096)
  }

  /// The text without quotes, its control characters escaped: a line stays one.
  public static func oneLine(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { $0 += escaped($1) }
  }

  private static func quoted(_ text: String, limit: Int) -> String {
    var quoted = "\""
    let scalars = text.unicodeScalars
    for scalar in scalars.prefix(limit) {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      default: quoted += escaped(scalar)
      }
    }
    if scalars.count > limit { quoted += "…" }
    return quoted + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        return "\\u{" + String(scalar.value, radix: 16) + "}"
      default: return String(scalar)
      }
    }
  }

  /// A list for a sentence: `"a", "b" or "c"`.
  static func alternatives(_ texts: [String]) -> String {
    let quoted = texts.map { self.quoted($0) }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }
}

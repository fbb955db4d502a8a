/// Replaces `${NAME}` by an environment variable and `$$` by a dollar.
///
/// It works on values after YAML was parsed, so that a value can never change the structure.
struct VariableExpansion {
  /// What became of a text.
  struct Result {
    var text: String
    var isSubstituted: Bool
    /// Variables without a value, each once.
    var unset: [String]
  }

  let environment: [String: String]

  /// The text with its variables replaced; any other `$` stands for itself.
  func expand(_ text: String) -> Result {
    var result = Result(text: "", isSubstituted: false, unset: [])
    var rest = text.unicodeScalars[...]
    while let dollar = rest.firstIndex(of: "$") {
      result.text.unicodeScalars.append(contentsOf: rest[..<dollar])
      rest = rest[rest.index(after: dollar)...]
      if rest.first == "$" {
        result.text += "$"
        rest = rest.dropFirst()
      } else if let name = Self.name(in: rest) {
        result.isSubstituted = true
        if let value = environment[name] {
          result.text += value
        } else if !result.unset.contains(name) {
          result.unset.append(name)
        }
        rest = rest.dropFirst(name.unicodeScalars.count + 2)
      } else {
        result.text += "$"
      }
    }
    result.text.unicodeScalars.append(contentsOf: rest)
    return result
  }

  /// The name in `{NAME}` at the start of a text, where it is a name.
  private static func name(in text: Substring.UnicodeScalarView) -> String? {
    guard text.first == "{", let close = text.firstIndex(of: "}") else { return nil }
    let name = text[text.index(after: text.startIndex)..<close]
    let isName = name.enumerated().allSatisfy { offset, character in
      switch character {
      case "a"..."z", "A"..."Z", "_": true
      case "0"..."9": offset > 0
      default: false
      }
    }
    return isName && !name.isEmpty ? String(name) : nil
  }
}

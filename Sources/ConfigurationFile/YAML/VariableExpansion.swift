/// Replaces `${NAME}` by an environment variable and `$$` by a dollar.
///
/// It works on values after YAML was parsed, so that a value can never change the structure.
struct VariableExpansion {
  /// What became of a text.
  struct Result {
    let text: String
    let isSubstituted: Bool
    /// Variables without a value, as often as they are named.
    let unset: [String]
  }

  let environment: [String: String]

  /// The text with its variables replaced; any other `$` stands for itself.
  func expand(_ text: String) -> Result {
    var expanded: [UInt8] = []
    var isSubstituted = false
    var unset: [String] = []
    var rest = text.utf8[...]
    while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
      expanded += rest[..<dollar]
      rest = rest[dollar...].dropFirst()
      if rest.first == UInt8(ascii: "$") {
        expanded.append(UInt8(ascii: "$"))
        rest = rest.dropFirst()
      } else if let name = Self.name(in: rest) {
        isSubstituted = true
        if let value = environment[name] {
          expanded += value.utf8
        } else {
          unset.append(name)
        }
        rest = rest.dropFirst(name.utf8.count + 2)
      } else {
        expanded.append(UInt8(ascii: "$"))
      }
    }
    expanded += rest
    return Result(
      text: String(decoding: expanded, as: UTF8.self),
      isSubstituted: isSubstituted,
      unset: unset
    )
  }

  /// The name in `{NAME}` at the start of a text, where it is a name.
  private static func name(in text: Substring.UTF8View) -> String? {
    guard text.first == UInt8(ascii: "{") else { return nil }
    // No further than the name reaches, or a text of many "${" would take for ever.
    let name = text.dropFirst().prefix { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard let first = name.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first),
      name.endIndex < text.endIndex, text[name.endIndex] == UInt8(ascii: "}")
    else { return nil }
    return String(Substring(name))
  }
}

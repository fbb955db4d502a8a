/// Replaces `${NAME}` by an environment variable and `$$` by a dollar; a shell's other forms are
/// refused, for their text is what nobody means.
///
/// It works on values after YAML was parsed, so that a value can never change the structure.
struct VariableExpansion {
  /// What became of a text.
  struct Result {
    let text: String
    let isSubstituted: Bool
    /// Variables without a value, as often as they are named.
    let unset: [String]
    /// The first form that is not supported, without what may be a secret in it.
    var unsupported: String?
  }

  let environment: [String: String]

  /// The text with its variables replaced; any other `$` but that of `${` and `$(…)` is itself.
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
      } else if let form = Self.unsupportedForm(in: rest) {
        return Result(text: "", isSubstituted: false, unset: unset, unsupported: form)
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
    guard text.first == UInt8(ascii: "{"), let name = leadingName(text.dropFirst()),
      name.endIndex < text.endIndex, text[name.endIndex] == UInt8(ascii: "}")
    else { return nil }
    return String(Substring(name))
  }

  /// What a shell or Kubernetes would replace after the dollar, as `${NAME:-…}` or `$(…)`.
  ///
  /// What follows a name is not shown: a default may be a secret, and so may an unfinished name.
  private static func unsupportedForm(in text: Substring.UTF8View) -> String? {
    let inner = text.dropFirst()
    switch text.first {
    case UInt8(ascii: "{"):
      guard inner.contains(UInt8(ascii: "}")) else { return "${ without }" }
      guard let name = leadingName(inner) else {
        // `${#NAME}` and `${!NAME}`, a length and an indirection.
        guard let sign = inner.first, "#!".utf8.contains(sign) else { return "${…}" }
        let name = leadingName(inner.dropFirst()).map { String(Substring($0)) } ?? ""
        return "${\(UnicodeScalar(sign))\(name)…}"
      }
      let sign = text[name.endIndex...].prefix { ":-+=?#%/^,@".utf8.contains($0) }
      return "${\(Substring(name))\(Substring(sign.prefix(2)))…}"
    case UInt8(ascii: "("):
      guard leadingName(inner) != nil, inner.prefix(256).contains(UInt8(ascii: ")")) else {
        return nil
      }
      return "$(…)"
    default: return nil
    }
  }

  /// The name that a text begins with, no further than it reaches; nil if it begins with none.
  private static func leadingName(_ text: Substring.UTF8View) -> Substring.UTF8View? {
    let name = text.prefix { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard let first = name.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first) else {
      return nil
    }
    return name
  }
}

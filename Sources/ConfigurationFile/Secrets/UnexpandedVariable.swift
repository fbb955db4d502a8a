/// Tells a secret from what a shell, a template or a person should have replaced by one.
enum UnexpandedVariable {
  /// Whether the text, or a word of it as in `Bearer $TOKEN`, is such a placeholder.
  ///
  /// - Parameters:
  ///   - text: A secret.
  ///   - hasEscapedDollar: The author wrote `$$`: a dollar is meant as one.
  /// - Returns: False for what may be a secret by chance.
  static func isFound(in text: String, hasEscapedDollar: Bool = false) -> Bool {
    let hasDollar = text.utf8.contains(UInt8(ascii: "$")) && !hasEscapedDollar
    if hasDollar, text.contains("${") || text.hasPrefix("$env:") { return true }
    if hasDollar, text.first == "$", isName(text.dropFirst()) { return true }
    // Jinja, Helm and Consul templates; Ruby's and ASP's.
    for (open, close) in [("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("#{", "}")] {
      if let start = text.firstRange(of: open), text[start.upperBound...].contains(close) {
        return true
      }
    }
    for (open, close) in [("@", "@"), ("__", "__"), ("<", ">")]
    where isEnclosed(text[...], open, close) { return true }
    return text.split(whereSeparator: { " \t:@/=,;\"'".contains($0) }).contains { word in
      if hasDollar, word.first == "$", isConstant(word.dropFirst()) { return true }
      if hasDollar, isEnclosed(word, "$(", ")") { return true }
      return isEnclosed(word, "%", "%") || isEnclosed(word, "<", ">")
    }
  }

  /// Whether the whole text is one, by the forms that no identifier has.
  static func isWhole(_ text: String) -> Bool {
    text.first == "$" && isConstant(text.dropFirst()) || isEnclosed(text[...], "%", "%")
      || isEnclosed(text[...], "{{", "}}")
  }

  private static func isEnclosed(_ text: Substring, _ open: String, _ close: String) -> Bool {
    guard text.count > open.count + close.count, text.hasPrefix(open), text.hasSuffix(close) else {
      return false
    }
    let inner = text.dropFirst(open.count).dropLast(close.count)
    return isName(inner.drop { $0 == " " }.prefix { $0 != " " })
  }

  /// A name such as `EXPERIA_KEY` or `api-key`; one letter is none.
  private static func isName(_ text: Substring) -> Bool {
    guard text.utf8.count > 1, let first = text.utf8.first,
      isLetter(first) || first == UInt8(ascii: "_")
    else { return false }
    return text.utf8.allSatisfy { byte in
      isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || "_.-".utf8.contains(byte)
    }
  }

  /// A name as variables of the environment have it, which a part of a random secret rarely is.
  private static func isConstant(_ text: Substring) -> Bool {
    isName(text) && text.utf8.count > 2
      && !text.utf8.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }
}

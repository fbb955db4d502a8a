import ConfigurationFile
import Testing

/// What is refused before anything is decoded, with libyaml's own words.
@Suite struct SyntaxTests {
  static let empty = "holds no configuration; it must be a YAML mapping of keys to values"

  @Test(arguments: [
    ("", "c.yaml:1:1: \(empty)"),
    ("# only a comment\n", "c.yaml:1:1: \(empty)"),
    ("\u{FEFF}", "c.yaml:1:1: \(empty)"),
    ("---\n", "c.yaml:2:1: \(empty)"),
    ("~\n", "c.yaml:1:1: \(empty)"),
    ("- a\n", "c.yaml:1:1: must be a YAML mapping of keys to values, not a list"),
    ("hello\n", "c.yaml:1:1: must be a YAML mapping of keys to values, not \"hello\""),
    (
      "a: 1\n---\nb: 2\n",
      "c.yaml:2:1: a second YAML document begins here; the file must hold only one"
    ),
    (
      "a: 1\nb:\n\tc: 2\n",
      """
      c.yaml:3:1: not valid YAML: found character that cannot start any token while scanning for \
      the next token; a tab cannot indent YAML, use spaces
      """
    ),
    (
      "a: 'open\nb: 2\n",
      """
      c.yaml:3:1: not valid YAML: found unexpected end of stream while scanning a quoted scalar \
      (begun at line 1)
      """
    ),
    ("a: b: c\n", "c.yaml:1:5: not valid YAML: mapping values are not allowed in this context"),
    (
      "a: 1\n  b: 2\n",
      "c.yaml:2:4: not valid YAML: mapping values are not allowed in this context"
    ),
    (
      "é: @x\n",
      """
      c.yaml:1:4: not valid YAML: found character that cannot start any token while scanning for \
      the next token
      """
    ),
    ("a: 1\nb: \u{0}\n", "c.yaml:2:4: not valid YAML: control characters are not allowed"),
    ("a: é\u{7}\n", "c.yaml:1:5: not valid YAML: control characters are not allowed"),
  ])
  func refuses(text: String, line: String) {
    #expect(issueLines(text) == [line])
  }

  @Test(arguments: [
    (
      "a: 1\nb: 2\na: 3\n",
      ["c.yaml:3:1: a: duplicate key; it was given before at line 1"]
    ),
    (
      "a: {x: 1, x: 2}\nb: 1\n",
      ["c.yaml:1:11: a.x: duplicate key; it was given before at line 1"]
    ),
    (
      "a: &one 1\nb: *one\n",
      [
        "c.yaml:1:4: a: YAML anchors (&) are not supported; quote the value if it begins with &",
        """
        c.yaml:2:4: b: YAML aliases (*) are not supported; write the value out, or quote it if it \
        begins with *
        """,
      ]
    ),
    (
      "a:\n  <<: {x: 1}\nb: 1\n",
      ["c.yaml:2:3: a: YAML merge keys (<<) are not supported; write the keys out"]
    ),
    ("a: {[x]: 1}\nb: 1\n", ["c.yaml:1:5: a: a key must be text"]),
    ("a: {'': 1}\nb: 1\n", ["c.yaml:1:5: a: a key is empty"]),
    (
      "a: !python/object x\nb: 1\n",
      ["c.yaml:1:4: a: this YAML tag (!) is not supported; quote the value if it begins with !"]
    ),
    (
      "a: ${UNSET}${UNSET}\nb: [1, 'x${OTHER}']\n",
      [
        "c.yaml:1:4: a: the environment variable \"UNSET\" is not set",
        "c.yaml:2:8: b[1]: the environment variable \"OTHER\" is not set",
      ]
    ),
  ])
  func tellsAllAndReadsOn(text: String, lines: [String]) {
    let seen = issueLines(text) { root in
      for key in ["a", "b"] {
        _ = root.node(key)
      }
    }
    #expect(seen == lines)
  }

  @Test func anAliasBombStaysAsSmallAsItsText() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    let lines = issueLines(text) { root in
      for key in root.keys { _ = root.strings(key) }
    }
    // One line an anchor and one an alias, and nothing was multiplied.
    #expect(lines.count == 41 + 80)
  }

  @Test func deepNestingEndsAtSixtyFourLevels() {
    func nested(_ depth: Int) -> String {
      // The root mapping is the first level and the innermost scalar the last.
      "a: " + String(repeating: "[", count: depth - 2) + "x"
        + String(repeating: "]", count: depth - 2)
    }
    #expect(issueLines(nested(64)) { _ = $0.node("a") } == [])
    #expect(issueLines(nested(65)) == ["c.yaml:1:67: nested deeper than 64 levels"])
    #expect(
      issueLines("a: " + String(repeating: "[", count: 100_000))
        == ["c.yaml:1:67: nested deeper than 64 levels"]
    )
    #expect(
      issueLines(String(repeating: "- ", count: 100_000))
        == ["c.yaml:1:129: nested deeper than 64 levels"]
    )
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func lineEndsOfAnyKindCountTheSame(newline: String) {
    let text = ["a: 1", "b:", "  c: x", ""].joined(separator: newline)
    let lines = issueLines(text) { root in
      _ = root.integer("a", in: 0...9)
      root.section("b")?.finish()
    }
    #expect(lines == ["c.yaml:3:3: b.c: unknown key"])
  }

  @Test func aByteOrderMarkTakesNoColumn() {
    #expect(issueLines("\u{FEFF}a: 1\n") == ["c.yaml:1:1: a: unknown key"])
  }

  @Test func columnsCountCharactersAndNotBytes() {
    #expect(
      issueLines("{\"ключ\": 1, b: 2}\n") { _ = $0.string("ключ") } == [
        "c.yaml:1:13: b: unknown key"
      ]
    )
  }

  @Test func oneExplicitDocumentIsAccepted() throws {
    let root = try rootSection("%YAML 1.1\n---\na: 1\n...\n")
    #expect(root.integer("a", in: 0...9) == 1)
    #expect(root.diagnostics.issues == [])
  }

  @Test func whatLooksLikeATagOrAnAnchorIsNeverQuoted() {
    for text in ["k: !sk-live-1 x", "k: &sk-live-1 x", "k: *sk-live-1", "k: !<sk-live-1> x"] {
      let lines = issueLines(text) { _ = $0.secret("k") }
      #expect(lines.count == 1)
      #expect(!lines.joined().contains("sk-live"))
    }
  }
}

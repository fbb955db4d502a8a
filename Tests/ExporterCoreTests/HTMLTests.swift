import Testing

@testable import ExporterCore

/// Whatever a name or a vendor says stays text.
@Suite struct HTMLTests {
  /// HTML, "Serializing HTML fragments": & < > and the quotation marks end text or an attribute.
  @Test(arguments: [
    ("", ""), ("plain ü 💥", "plain ü 💥"), ("<&>\"'", "&lt;&amp;&gt;&quot;&#39;"),
    // One Character each in Swift, and still a quotation mark and a tag's beginning in HTML.
    ("\"\u{301}", "&quot;\u{301}"), ("<\u{338}b>", "&lt;\u{338}b&gt;"),
    ("'\u{20DD}", "&#39;\u{20DD}"),
    // Controls have no place in HTML; an override would turn what stands behind it.
    ("a\u{0}b\u{1B}[31m\u{7F}\u{9B}", "a\u{FFFD}b\u{FFFD}[31m\u{FFFD}\u{FFFD}"),
    ("x\u{202E}fdp.exe", "x\u{FFFD}fdp.exe"), ("\u{2066}\u{2069}", "\u{FFFD}\u{FFFD}"),
    ("a\r\nb\tc", "a\u{FFFD}\nb\tc"), ("عربية\u{200F}", "عربية\u{200F}"),
  ])
  func escaping(_ text: String, _ html: String) {
    #expect(Array(HTMLText.escaped(text).utf8) == Array(html.utf8))
  }

  @Test func interpolationEscapesTextAndNotHTML() {
    let inner: HTML = "<b>\("<i>")</b>"
    let outer: HTML = "<p title=\"\("\"")\">\(inner) \(7)</p>"
    #expect(
      String(decoding: outer.bytes, as: UTF8.self)
        == "<p title=\"&quot;\"><b>&lt;i&gt;</b> 7</p>"
    )
    #expect(HTML.lines([inner, inner]).bytes.count == 2 * inner.bytes.count + 1)
    #expect(HTML.empty.isEmpty)
  }

  @Test(arguments: [
    ("", 3, ""), ("abc", 3, "abc"), ("abcd", 3, "abc…"), ("äöü!", 2, "äö…"),
    (String(repeating: "e\u{301}", count: 2), 3, "e\u{301}e…"),
  ])
  func clipping(_ text: String, _ length: Int, _ clipped: String) {
    #expect(HTMLText.clipped(text, to: length) == clipped)
  }
}

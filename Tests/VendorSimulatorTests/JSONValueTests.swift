import Testing

@testable import VendorSimulator

@Suite("JSON values")
struct JSONValueTests {
  private static let encoded: [(JSONValue, String)] = [
    (.null, "null"), (true, "true"), (.integer(-7), "-7"), (.number(0.5), "0.5"),
    ("a\"b\\c\n\u{1}é", #""a\"b\\c\u000a\u0001é""#), ([], "[]"), ([:], "{}"),
    (["z": 1, "a": [.null, "x"]], #"{"z":1,"a":[null,"x"]}"#),
    (.rounded(12.0, decimals: 2), "12"), (.rounded(12.345678, decimals: 2), "12.35"),
    (.rounded(-0.04, decimals: 1), "0"), (.rounded(85.25, decimals: 1), "85.3"),
  ]

  private static let parsed: [(String, JSONValue)] = [
    ("true", true), ("1", 1), ("1.5", .number(1.5)), ("null", .null),
    (#""ü\u0041""#, "üA"), ("[1,[],{}]", [1, [], [:]]), (#"{"a":false}"#, ["a": false]),
  ]

  @Test("Encoded values", arguments: encoded)
  func encoding(value: JSONValue, text: String) {
    #expect(String(decoding: value.encoded, as: UTF8.self) == text)
  }

  @Test("Parsed values keep the difference between true and 1", arguments: parsed)
  func parsing(text: String, value: JSONValue) {
    #expect(JSONValue(parsing: Array(text.utf8)) == value)
  }

  @Test(arguments: ["", "{", "[1", "{a:1}", "nul", "1 2"])
  func refused(text: String) {
    #expect(JSONValue(parsing: Array(text.utf8)) == nil)
  }
}

import CollectorKit
import Testing

/// What a vendor says of its own failure.
@Suite struct ErrorEnvelopeTests {
  struct Case: Sendable {
    let body: String
    let message: String?

    init(_ body: String, _ message: String?) {
      self.body = body
      self.message = message
    }
  }

  static let cases = [
    // Rocket.Chat before 8.0, from 8.0 on, as its docs show it, and a refused parameter.
    Case(
      #"{"success":false,"error":"You must be logged in to do this.","status":"error","#
        + #""message":"You must be logged in to do this."}"#,
      "You must be logged in to do this."
    ),
    Case(
      #"{"success":false,"error":"You must be logged in to do this."}"#,
      "You must be logged in to do this."
    ),
    Case(#"{"status":"error","message":"Unauthorized"}"#, "Unauthorized"),
    Case(
      #"{"success":false,"errorType":"error-invalid-params","error":"must have required property "#
        + #"'start'"}"#,
      "must have required property 'start'"
    ),
    // Kore.ai: the code is not the status.
    Case(
      #"{"errors":[{"msg":"Invalid SDK credentials","code":4002}]}"#,
      "Invalid SDK credentials (code 4002)"
    ),
    Case(#"{"errors":[{"msg":"Invalid widget name"},{"msg":"b"}]}"#, "Invalid widget name"),
    // Samespace: GraphQL, and the voice API's.
    Case(
      #"{"errors":[{"message":"Not allowed","extensions":{"code":"X"}}],"data":null}"#,
      "Not allowed"
    ),
    Case(
      #"{"success":false,"message":"Cant make call! Not logged In"}"#,
      "Cant make call! Not logged In"
    ),
    // Gateways, and lists of texts.
    Case(
      #"{"error":{"code":401,"message":"Request had invalid credentials."}}"#,
      "Request had invalid credentials."
    ),
    Case(#"{"errors":["first","second"]}"#, "first"),
    Case(#"{"error":{}}"#, nil),
    // Hostile or foreign.
    Case(#"{"errors":[{}]}"#, "an error without a text"),
    Case(#"{"errors":[],"error":"a"}"#, "a"),
    Case(#"{"errors":"no list","message":"m"}"#, "m"),
    Case(#"{"error":{"message":"nested"},"message":"m"}"#, "m"),
    Case(#"{"error":true}"#, nil),
    Case(#"{"status":"SUCCESS"}"#, nil),
    Case("{}", nil), Case("[]", nil), Case("", nil), Case("null", nil), Case("<html>", nil),
    Case("{\"error\":", nil), Case("\u{0}", nil),
    Case(
      #"{"error":"a\r\nlevel=error msg=\"forged\"\u0000\u001b[31m\u007f"}"#,
      "a  level=error msg=\"forged\"  [31m "
    ),
    Case(#"{"error":"right\u202eleft\u2028next"}"#, "right left next"),
  ]

  @Test(arguments: cases)
  func messages(_ item: Case) {
    #expect(ErrorEnvelope.message(in: Array(item.body.utf8)) == item.message)
  }

  @Test func aLongTextIsCut() throws {
    let text = String(repeating: "ü", count: 5000)
    let message = try #require(ErrorEnvelope.message(in: Array("{\"error\":\"\(text)\"}".utf8)))
    #expect(message == String(repeating: "ü", count: 200) + "…")
  }

  @Test func aHugeBodyIsNotRead() {
    let padding = String(repeating: " ", count: 70_000)
    #expect(ErrorEnvelope.message(in: Array("{\"error\":\"a\"\(padding)}".utf8)) == nil)
  }

  @Test func printableText() {
    #expect(ErrorEnvelope.printable("plain \"text\" ü 😀") == "plain \"text\" ü 😀")
    #expect(ErrorEnvelope.printable("a\tb\u{85}c\u{200F}d\u{2029}e") == "a b c d e")
    #expect(ErrorEnvelope.printable(String(repeating: "a", count: 200)).count == 200)
    #expect(ErrorEnvelope.printable("") == "")
  }
}

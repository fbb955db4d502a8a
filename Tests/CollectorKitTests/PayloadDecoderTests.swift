import CollectorKit
import HTTPTransport
import Testing

/// What is said of answers that are not the documented JSON.
@Suite struct PayloadDecoderTests {
  private struct Payload: Decodable, Equatable {
    struct Row: Decodable, Equatable {
      let users: Int
    }

    let name: String
    let rows: [Row]
  }

  struct Case: Sendable {
    let body: String
    let type: String?
    let message: String
    var status = 200
  }

  private static let json = "application/json"
  private static let notJSON = "is not JSON, or ends too early"

  static let cases = [
    Case(body: "", type: json, message: "HTTP 200 with an empty body instead of JSON"),
    Case(body: "", type: nil, message: "HTTP 204 with an empty body instead of JSON", status: 204),
    Case(
      body: "<!DOCTYPE html><title>Log in</title>",
      type: "text/html; charset=utf-8",
      message: "HTTP 200 with an HTML page instead of JSON; a login page or a proxy may stand at "
        + "the target's url"
    ),
    Case(
      body: "\r\n <html>",
      type: json,
      message: "HTTP 200 with an HTML page instead of JSON; a login page or a proxy may stand at "
        + "the target's url"
    ),
    Case(body: "Bad gateway", type: "text/plain", message: "the answer of 11 bytes \(notJSON)"),
    Case(body: "{\"name\":\"a\"", type: json, message: "the answer of 11 bytes \(notJSON)"),
    Case(body: "{\"name\":NaN}", type: json, message: "the answer of 12 bytes \(notJSON)"),
    Case(body: "{\"name\":\"a\"}", type: json, message: "the answer has no \"rows\""),
    Case(
      body: "{\"name\":5,\"rows\":[]}",
      type: json,
      message: "the answer's \"name\" is not of the documented type"
    ),
    Case(
      body: "{\"name\":null,\"rows\":[]}",
      type: json,
      message: "the answer's \"name\" is not of the documented type"
    ),
  ]

  @Test(arguments: cases)
  func failures(_ item: Case) {
    let fields = item.type.map { [HTTPField("Content-Type", $0)] } ?? []
    let response = HTTPClientResponse(
      status: item.status,
      fields: fields,
      body: Array(item.body.utf8)
    )
    let error = #expect(throws: CollectionError.self) {
      _ = try PayloadDecoder.decode(Payload.self, from: response, endpoint: "GET /x")
    }
    #expect(error == CollectionError(.decode, endpoint: "GET /x", item.message))
  }

  @Test func aPlaceDeepInTheAnswer() throws {
    let body = #"{"name":"a","rows":[{"users":1},{"users":"many"}]}"#
    let error = #expect(throws: CollectionError.self) {
      _ = try PayloadDecoder.decode(
        Payload.self,
        from: HTTPClientResponse(status: 200, body: Array(body.utf8)),
        endpoint: "GET /x"
      )
    }
    let message = try #require(error?.message)
    #expect(message.contains("rows") && message.contains("users") && message.contains("1"))
    #expect(!message.contains("many"))
  }

  @Test func aShapeThatIsWhollyDifferent() {
    let error = #expect(throws: CollectionError.self) {
      _ = try PayloadDecoder.decode(
        Payload.self,
        from: HTTPClientResponse(status: 200, body: Array("[1]".utf8)),
        endpoint: "GET /x"
      )
    }
    #expect(error?.reason == .decode)
    #expect(error?.message.contains("is not of the documented type") == true)
  }

  /// A vendor's answer may be as deep as it likes.
  @Test func deepNestingIsRefused() {
    let depth = 200_000
    let body = Array(repeating: UInt8(ascii: "["), count: depth)
    let error = #expect(throws: CollectionError.self) {
      _ = try PayloadDecoder.decode(
        Payload.self,
        from: HTTPClientResponse(status: 200, body: body),
        endpoint: "GET /x"
      )
    }
    #expect(error?.message == "the answer of 200000 bytes \(PayloadDecoderTests.notJSON)")
  }

  @Test func goodAnswers() throws {
    for text in [
      #"{"name":"a","rows":[{"users":1}]}"#,
      "\u{FEFF}" + #"{"name":"a","rows":[{"users":1}]}"#,
      " \r\n\t" + #"{"rows":[{"users":1,"more":null}],"name":"a","else":{}}"# + "\n",
    ] {
      let payload = try PayloadDecoder.decode(
        Payload.self,
        from: HTTPClientResponse(status: 200, body: Array(text.utf8)),
        endpoint: "GET /x"
      )
      #expect(payload == Payload(name: "a", rows: [Payload.Row(users: 1)]))
    }
  }
}

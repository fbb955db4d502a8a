import HTTPTransport
import Testing

/// What the conformance suite must know of a vendor: a minimal configuration and its good answers.
///
/// A vendor in `BuiltinCollectors` without an entry here fails the suite.
struct ConformanceVendor: Sendable {
  let name: String
  /// The target's own keys in YAML; `<key>` stands for a secret, given directly or by a file.
  let keys: [String]
  /// The secrets by their keys: values that occur nowhere else.
  let secrets: [(key: String, value: String)]
  /// An answer with 200 that says that the vendor failed.
  let errorEnvelope: String
  /// The good answer to a request; polled at `moment`.
  let good: @Sendable (HTTPClientRequest) -> String

  /// When every poll of the suite takes place: 2026-01-15T10:00:00Z, a Thursday.
  static let moment = 1_768_471_200.0

  /// Every vendor, each with at least two parts, so that it shows whether a failure ends the poll.
  static let all = [experia, samespace, rocketChat, kore]

  static func named(_ name: String) throws -> ConformanceVendor {
    try #require(
      all.first { $0.name == name },
      "the vendor \(name) has no entry in ConformanceVendor.all"
    )
  }

  private static let experia = ConformanceVendor(
    name: "experia",
    keys: [
      "<api_key>", "views: [{name: first}, {name: second}]",
      "cards: [{card: CARDTAGS, interval: 1s}]",
    ],
    secrets: [("api_key", "experia-s3cr3t-Qk7")],
    errorEnvelope: #"{"status":"FAILED","message":"Service is down"}"#,
    good: { request in
      request.url.hasSuffix("/CARDTAGS")
        ? #"{"status":"SUCCESS","cardName":"CARDTAGS","cardContent":[{"tag":"a","count":1}]}"#
        : #"{"status":"SUCCESS","totalSessions":458,"averageWaitingTime":"00 00:00:20","CSAT":62.5}"#
    }
  )

  private static let samespace = ConformanceVendor(
    name: "samespace",
    keys: ["<api_key>", "dashboards: [{id: d1}, {id: d2}]"],
    secrets: [("api_key", "Xoa@NIs!s3cr3t#Qk7")],
    errorEnvelope: #"{"errors":[{"message":"Internal error"}],"data":null}"#,
    good: { request in
      let body = String(decoding: request.body ?? [], as: UTF8.self)
      return body.contains(#""GetDashboard""#)
        ? #"{"data":{"dashboard":{"id":"\#(body.contains(#""id":"d1""#) ? "d1" : "d2")","#
          + #""timeRange":"PAST_HOUR","insights":["#
          + #"{"id":"i1","title":"Answered","template":{"type":"STAT"}},"#
          + #"{"id":"i2","title":"Missed","template":{"type":"STAT"}}]}}}"#
        : #"{"data":{"getInsightData":{"data":[{"value":2824,"previousValue":3189}]}}}"#
    }
  )

  private static let rocketChat = ConformanceVendor(
    name: "rocketchat",
    keys: ["<user_id>", "<auth_token>", "charts: [Total_conversations, Total_messages]"],
    secrets: [("user_id", "rbAXs3cr3tUser"), ("auth_token", "s3cr3t-token-Qk7")],
    errorEnvelope: #"{"success":false,"error":"Internal server error"}"#,
    good: { request in
      let chart =
        request.url.contains("Total_messages") ? "Total_messages" : "Total_conversations"
      return #"{"chartLabel":""# + chart
        + #"","dataLabels":["1/14","1/15"],"dataPoints":[3,5],"success":true}"#
    }
  )

  private static let kore = ConformanceVendor(
    name: "kore",
    keys: [
      "bot_id: st-00000000-0000-0000-0000-000000000000",
      "jwt: {client_id: cs-0000, <client_secret>}", "channels: [rtm, msteams]",
    ],
    secrets: [("client_secret", "kore-s3cr3t-Qk7")],
    errorEnvelope: #"{"errors":[{"msg":"Internal Server Error","code":500}]}"#,
    good: { request in
      guard !request.url.lowercased().contains("aggregation_type=daily") else {
        return #"{"results":[{"date":"Jan 14 2026","users":40},{"date":"Jan 15 2026","users":12}],"#
          + #""totalResults":2}"#
      }
      let hours = (0..<24).map { #""\#($0) - \#(($0 + 1) % 24)":\#($0 + 1)"# }
        .joined(separator: ",")
      return #"{"results":[{"date":"Jan 14 2026",\#(hours)},{"date":"Jan 15 2026",\#(hours)}],"#
        + #""totalResults":2}"#
    }
  )
}

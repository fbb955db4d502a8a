import HTTPTransport

/// The vendors' other endpoints, which a minimal configuration does not ask.
extension ConformanceVendor {
  static let variants = [rocketChatLive, koreSecond, koreWidgets, samespaceTables]

  /// The answers of Rocket.Chat's live endpoints; yesterday's abandoned chats are two more requests.
  private static let rocketChatLive = ConformanceVendor(
    name: "rocketchat",
    keys: ["<user_id>", "<auth_token>", "charts: [Total_conversations]", "realtime: true"],
    secrets: [("user_id", "rbAXs3cr3tUser"), ("auth_token", "s3cr3t-token-Qk7")],
    errorEnvelope: #"{"success":false,"error":"Internal server error"}"#,
    good: { request in
      if request.url.contains("charts/chats") {
        return #"{"open":3,"closed":20,"queued":5,"onhold":1,"success":true}"#
      }
      if request.url.contains("agents-status") {
        return #"{"_id":null,"offline":2,"away":1,"busy":3,"available":4,"success":true}"#
      }
      if request.url.contains("totalizers") {
        let abandoned = request.url.contains("start=2026-01-14") ? 5 : 2
        return #"{"totalizers":[{"title":"Total_visitors","value":6},"#
          + #"{"title":"Total_abandoned_chats","value":\#(abandoned)},"#
          + #"{"title":"Avg_of_waiting_time","value":"00:01:27"}],"success":true}"#
      }
      return #"{"chartLabel":"Total_conversations","dataLabels":["1/14","1/15"],"#
        + #""dataPoints":[3,5],"success":true}"#
    }
  )

  private static let koreSecond = ConformanceVendor(
    name: "kore",
    keys: [
      "bot_id: st-00000000-0000-0000-0000-000000000000",
      "jwt: {client_id: cs-0000, <client_secret>}", "api_version: 2",
    ],
    secrets: [("client_secret", "kore-s3cr3t-Qk7")],
    errorEnvelope: #"{"errors":[{"msg":"Internal Server Error","code":500}]}"#,
    good: { request in
      let rows =
        request.url.contains("aggregation_type=daily")
        ? #"[{"date":"Jan 14 2026","users":40},{"date":"Jan 15 2026","users":12}]"#
        : #"[{"date":"Jan 14 2026","9 - 10":null},{"date":"Jan 15 2026","9 - 10":4,"10 - 11":1}]"#
      return
        #"{"uniqueUsersTrend":{"dataPoints":\#(rows)},"newUsersTrend":{"dataPoints":\#(rows)},"#
        + #""returningUsersTrend":{"dataPoints":\#(rows)}}"#
    }
  )

  /// A widget that is a counter, of two pages, and one with filters.
  private static let koreWidgets = ConformanceVendor(
    name: "kore",
    keys: [
      "bot_id: st-00000000-0000-0000-0000-000000000000",
      "jwt: {client_id: cs-0000, <client_secret>}",
      "widgets: [{dashboard: D, widget: long, mapping: {metric: kore_records_total, help: R., "
        + "type: counter, labels: {outcome: metricType}}}, {dashboard: D, widget: short, "
        + "filters: [{filterSource: s, fieldName: f, values: [v]}], mapping: "
        + "{metric: kore_records_seconds, help: R., value: n}}]",
    ],
    secrets: [("client_secret", "kore-s3cr3t-Qk7")],
    errorEnvelope: #"{"errors":[{"msg":"Internal Server Error","code":500}]}"#,
    good: { request in
      guard request.url.contains("/widget/") else { return trend(request) }
      let count = request.url.contains("/widget/short") ? 2 : request.url.contains("skip") ? 3 : 50
      let rows = Array(repeating: #"{"metrictype":"a","n":"2"}"#, count: count)
      return #"{"queryResponse":{"metaData":{},"queryResponse":[\#(rows.joined(separator: ","))]}}"#
    }
  )

  /// A dashboard with a mapped insight, and a report that is a counter.
  private static let samespaceTables = ConformanceVendor(
    name: "samespace",
    keys: [
      "<api_key>", "timezone: Asia/Kolkata",
      "dashboards: [{id: d1, insights: {i1: {mapping: {metric: samespace_rows, help: R.}}}}]",
      "reports: [{id: r1, start_time: today, mapping: {metric: samespace_calls_total, help: C., "
        + "type: counter, labels: {direction: d}}}]",
    ],
    secrets: [("api_key", "Xoa@NIs!s3cr3t#Qk7")],
    errorEnvelope: #"{"errors":[{"message":"Internal error"}],"data":null}"#,
    good: { request in
      let body = String(decoding: request.body ?? [], as: UTF8.self)
      if body.contains(#""GetDashboard""#) {
        return #"{"data":{"dashboard":{"id":"d1","insights":["#
          + #"{"id":"i1","title":"Teams","template":{"type":"TABLE"}},"#
          + #"{"id":"i2","title":"Missed","template":{"type":"STAT"}}]}}}"#
      }
      if body.contains(#""GetReportData""#) {
        return #"{"data":{"getReportData":{"data":[{"d":"in"},{"d":"out"}]}}}"#
      }
      return #"{"data":{"getInsightData":{"data":[{"value":2824,"previousValue":3189}]}}}"#
    }
  )

  /// The first version's trend, hourly and daily at once.
  private static func trend(_ request: HTTPClientRequest) -> String {
    request.url.contains("=Daily")
      ? #"{"results":[{"date":"Jan 15 2026","users":12}],"totalResults":1}"#
      : #"{"results":[{"date":"Jan 14 2026","9 - 10":null},{"date":"Jan 15 2026","9 - 10":4}]}"#
  }
}

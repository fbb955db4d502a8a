import CollectorKit
import Exposition
import HTTPTransport
import TestSupport
import Testing

@testable import Collectors

/// A Rocket.Chat target's own keys: every message as the user sees it.
@Suite struct RocketChatConfigurationTests {
  private static let common = "name: t, vendor: rocketchat, url: \"https://chat.example.com\""
  private static let user = "user_id: u-1, auth_token: t-1"

  private static func issues(_ keys: String) throws -> [String] {
    try DecodedTarget("{\(common), \(keys)}").issues.map { issue in
      // Columns follow from the length of this suite's own prefix: they say nothing here.
      String(issue[(issue.firstRange(of: "targets[0]")?.lowerBound ?? issue.startIndex)...])
    }
  }

  @Test(arguments: [
    (
      "auth_token: t-1",
      ["targets[0].user_id: missing; give \"user_id\" or \"user_id_file\""]
    ),
    (
      "user_id: u-1",
      ["targets[0].auth_token: missing; give \"auth_token\" or \"auth_token_file\""]
    ),
    (
      "\(user), auth_token_file: /nonexistent",
      [
        "targets[0].auth_token_file: \"auth_token\" is given as well; give only one of the two"
      ]
    ),
    (
      "user_id: u-1, auth_token_file: /nonexistent/token",
      [
        "targets[0].auth_token_file: the secret file \"/nonexistent/token\" cannot be read: "
          + "No such file or directory"
      ]
    ),
    ("\(user), charts: []", ["targets[0].charts: is empty: leave it out for all charts"]),
    (
      "\(user), charts: [Total_conversation]",
      [
        "targets[0].charts[0]: must be \"Total_conversations\", \"Avg_chat_duration\", "
          + "\"Total_messages\", \"Avg_first_response_time\", \"Avg_reaction_time\", "
          + "\"Best_first_response_time\" or \"Avg_response_time\", not \"Total_conversation\"; "
          + "did you mean \"Total_conversations\"?"
      ]
    ),
    (
      "\(user), charts: [Total_messages, Total_messages]",
      ["targets[0].charts[1]: \"Total_messages\" is in the list twice"]
    ),
    (
      "\(user), departments: []",
      ["targets[0].departments: is empty: leave it out for one department, all"]
    ),
    ("\(user), departments: [{id: d-1}]", ["targets[0].departments[0].name: missing"]),
    (
      "\(user), departments: [{name: all}, {name: all, id: d-1}]",
      ["targets[0].departments[1].name: the department \"all\" stands twice"]
    ),
    ("\(user), departments: [{name: a, id: \"\"}]", ["targets[0].departments[0].id: is empty"]),
    (
      "\(user), departments: [{name: a, id: undefined}]",
      ["targets[0].departments[0].id: \"undefined\" is no department's id"]
    ),
    (
      "\(user), departments: [{name: a@example.com, id: d-1}]",
      ["targets[0].departments[0].name: would put an e-mail address into the label department"]
    ),
    (
      "\(user), departments: [{name: sales}]",
      ["targets[0].departments[0].name: has no id, so that it stands for all departments"]
    ),
    (
      "\(user), departments: [{name: a, department_id: d-1, id: d-1}]",
      ["targets[0].departments[0].department_id: unknown key"]
    ),
    ("\(user), sla: {response: {}}", ["targets[0].sla.response.threshold: missing"]),
    (
      "\(user), sla: {waiting: {threshold: 1m}}",
      ["targets[0].sla.waiting: unknown key"]
    ),
    (
      "\(user), sla: {reaction: {threshold: 1m, objective: 90}}",
      [
        "targets[0].sla.reaction.objective: must be between 0 and 1, not \"90\""
      ]
    ),
    (
      "\(user), sla: {reaction: {threshold: 1m, objective: 0.9}}",
      [
        "targets[0].sla: an objective is checked but not used: charts-data gives averages and no "
          + "share"
      ]
    ),
    ("\(user), realtime: true, realtime_window: 1h", []),
    ("\(user), labels: {state: Texas, status: live}", []),
    (
      "\(user), realtime: true, labels: {state: Texas}",
      ["targets[0].labels: the label \"state\" is set by the exporter with realtime"]
    ),
    (
      "\(user), realtime_window: 2h",
      ["targets[0].realtime_window: has no effect without realtime: true"]
    ),
    (
      "\(user), realtime: true, realtime_window: 5m",
      ["targets[0].realtime_window: must be between 1h and 31d, not \"5m\""]
    ),
    (
      "\(user), realtime: maybe",
      ["targets[0].realtime: must be true or false, not \"maybe\""]
    ),
    (
      "\(user), chart: Total_messages",
      ["targets[0].chart: unknown key; did you mean \"charts\"?"]
    ),
    ("\(user), realtime: false", []),
    (
      "\(user), departments: [{name: all}, {name: sales, id: d-1}], sla: {response: {threshold: 2m}}",
      []
    ),
  ])
  func messages(keys: String, expected: [String]) throws {
    #expect(try Self.issues(keys) == expected)
  }

  @Test func theWholePlaceIsTold() throws {
    let target = try DecodedTarget(
      """
      name: chat
          vendor: rocketchat
          url: https://chat.example.com
          user_id: u-1
          auth_token: t-1
          departments:
            - name: a
              id: undefined
      """
    )
    #expect(
      target.issues == ["9:13: targets[0].departments[0].id: \"undefined\" is no department's id"]
    )
  }

  @Test func defaults() throws {
    let target = try DecodedTarget("{\(Self.common), \(Self.user)}")
    #expect(target.issues.isEmpty)
    let collector = try target.collector
    #expect(collector.plan.requestsPerPoll == 7)
    #expect(collector.configuredFamilies.allSatisfy { $0.samples.isEmpty })
    // The documented order of the vendor's page.
    #expect(
      RocketChatChart.allCases.map(\.rawValue) == [
        "Total_conversations", "Avg_chat_duration", "Total_messages", "Avg_first_response_time",
        "Avg_reaction_time", "Best_first_response_time", "Avg_response_time",
      ]
    )
  }

  @Test func theLiveEndpointsAreInThePlan() throws {
    let target = try DecodedTarget(
      "{\(Self.common), \(Self.user), realtime: true, charts: [Total_messages], "
        + "departments: [{name: all}, {name: sales, id: d-1}]}"
    )
    let plan = try target.collector.plan
    #expect(plan.entries.map(\.requests) == [2, 10, 4])
    // An hour of polls every minute: 12 each, and yesterday's two counts for each department.
    #expect(plan.requests(in: 3600, interval: 60) == 60 * 12 + 4)
  }

  /// Yesterday's abandoned chats are asked for by two counts up to one instant, the larger one first,
  /// and neither is the question about today: the server would answer it from its cache.
  @Test func yesterdaysAbandonedChatsAreTwoCounts() async throws {
    let target = try DecodedTarget("{\(Self.common), \(Self.user), realtime: true}")
    let client = ScriptedHTTPClient { _, _ in
      HTTPClientResponse(
        status: 200,
        body: Array(#"{"totalizers":[{"title":"Total_abandoned_chats","value":3}]}"#.utf8)
      )
    }
    _ = try await target.poll(client)
    let asked = client.requests.map(\.url).filter { $0.contains("/chats-totalizers") }
      .map { $0.split(separator: "?")[1].replacing("%3A", with: ":") }
    #expect(
      asked == [
        "start=2025-10-06T00:00:00.000Z&end=2025-10-06T12:02:00.000Z",
        "start=2025-10-05T00:00:00.000Z&end=2025-10-06T12:02:01.000Z",
        "start=2025-10-06T00:00:00.000Z&end=2025-10-06T12:02:01.000Z",
      ]
    )
  }

  /// The vendor counts by route and address: all targets of a workspace share a budget.
  @Test func theBudgetIsTheWorkspaces() throws {
    func credential(_ url: String, _ user: String, _ token: String) throws -> String? {
      try DecodedTarget(
        "{name: t, vendor: rocketchat, url: \"\(url)\", user_id: \(user), auth_token: \(token)}"
      ).configured?.credential
    }
    let one = try credential("https://a.example", "u-1", "t-1")
    #expect(one != nil)
    #expect(try credential("https://a.example/", "u-1", "t-2") == one)
    #expect(try credential("https://b.example", "u-1", "t-1") != one)
    #expect(try credential("https://a.example", "u-2", "t-2") == one)
    for spelling in [
      "HTTPS://A.Example", "https://a.example:443", "https://a.example:0443/",
      "https://a.example./",
      "http://a.example", "http://a.example:80/",
    ] {
      #expect(try credential(spelling, "u-1", "t-1") == one, "\(spelling)")
    }
    // Other workspaces behind one proxy, and another server.
    for other in [
      "https://a.example/chat", "https://a.example:80", "https://a.example:3000",
      "http://a.example:443", "https://a.example.org",
    ] {
      #expect(try credential(other, "u-1", "t-1") != one, "\(other)")
    }
    let path = try credential("https://a.example/chat", "u-1", "t-1")
    #expect(try credential("https://a.example/chat/", "u-2", "t-2") == path)
    #expect(try credential("https://a.example/Chat", "u-1", "t-1") != path)
    let address = try credential("http://[::1]", "u-1", "t-1")
    #expect(try credential("http://[::1]:80/", "u-1", "t-1") == address)
    #expect(try credential("http://[::1]:81", "u-1", "t-1") != address)
  }
}

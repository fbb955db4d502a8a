import CollectorKit
import HTTPTransport
import Synchronization
import TestSupport
import Testing

/// Which of the two paths is asked, and how often.
@Suite struct RocketChatPathTests {
  private static let single = "/api/v1/livechat/analytics/dashboards/charts-data"
  private static let doubled = "/api/v1/livechat/livechat/analytics/dashboards/charts-data"
  private static let points = Array(
    #"{"dataLabels":["10/5","10/6"],"dataPoints":[1,2],"success":true}"#.utf8
  )

  /// A workspace that answers at some of the paths, which may change.
  private final class Workspace: Sendable {
    private let statuses = Mutex<[String: Int]>([:])
    private let body = Mutex<[UInt8]>(RocketChatPathTests.points)

    func set(_ path: String, status: Int) {
      statuses.withLock { $0[path] = status }
    }

    func set(body: String) {
      self.body.withLock { $0 = Array(body.utf8) }
    }

    func answer(_ request: HTTPClientRequest) -> HTTPClientResponse {
      let status = statuses.withLock { $0[RocketChatPathTests.path(of: request)] ?? 404 }
      return HTTPClientResponse(status: status, body: body.withLock { $0 })
    }
  }

  private static func path(of request: HTTPClientRequest) -> String {
    String(request.url.dropFirst("https://chat.example.com".count).prefix { $0 != "?" })
  }

  private let workspace = Workspace()
  private let client: ScriptedHTTPClient
  private let target: DecodedTarget

  init() throws {
    let workspace = workspace
    client = ScriptedHTTPClient { request, _ in workspace.answer(request) }
    target = try DecodedTarget(
      "{name: t, vendor: rocketchat, url: \"https://chat.example.com\", user_id: u, "
        + "auth_token: t, charts: [Total_conversations, Total_messages]}"
    )
  }

  /// Polls, and gives the paths that this poll asked.
  private func poll() async throws -> (outcome: PollOutcome, paths: [String]) {
    let before = client.requests.count
    let outcome = try await target.poll(client)
    return (outcome, client.requests.dropFirst(before).map(RocketChatPathTests.path))
  }

  @Test func theSinglePathIsAskedOnce() async throws {
    workspace.set(Self.single, status: 200)
    let (outcome, paths) = try await poll()
    #expect(paths == [Self.single, Self.single])
    #expect(outcome.failures.isEmpty)
  }

  @Test func theDoubledPathIsFoundOnceAndKept() async throws {
    workspace.set(Self.doubled, status: 200)
    #expect(try await poll().paths == [Self.single, Self.doubled, Self.doubled])
    #expect(try await poll().paths == [Self.doubled, Self.doubled])
  }

  @Test func aPathThatVanishesIsLookedForAgain() async throws {
    workspace.set(Self.doubled, status: 200)
    _ = try await poll()
    workspace.set(Self.doubled, status: 404)
    workspace.set(Self.single, status: 200)
    let (outcome, paths) = try await poll()
    #expect(paths == [Self.doubled, Self.single, Self.single])
    #expect(outcome.failures.isEmpty)
  }

  @Test func withoutEitherPathTheRestOfThePollAsksNothing() async throws {
    for _ in 0..<2 {
      let (outcome, paths) = try await poll()
      #expect(paths == [Self.single, Self.doubled])
      #expect(outcome.failures.map(\.reason) == [.httpStatus, .httpStatus])
      #expect(outcome.failures.allSatisfy { $0.message.contains(Self.doubled) })
    }
  }

  @Test func nothingIsKeptOnceBothAreGone() async throws {
    workspace.set(Self.doubled, status: 200)
    _ = try await poll()
    workspace.set(Self.doubled, status: 404)
    #expect(try await poll().paths == [Self.doubled, Self.single])
    #expect(try await poll().paths == [Self.single, Self.doubled])
  }

  @Test(arguments: [401, 403, 429, 500])
  func otherFailuresOfTheSecondPathAreTold(_ status: Int) async throws {
    workspace.set(Self.doubled, status: status)
    let (outcome, paths) = try await poll()
    #expect(paths.prefix(2) == [Self.single, Self.doubled])
    #expect(outcome.failures.first?.status == status)
    #expect(outcome.failures.first?.endpoint.contains(Self.doubled) == true)
  }

  /// A single-page application may answer any path with 200 and a page.
  @Test func aPageIsNoPath() async throws {
    workspace.set(Self.doubled, status: 200)
    workspace.set(body: "<html></html>")
    _ = try await poll()
    #expect(try await poll().paths.first == Self.single)
  }
}

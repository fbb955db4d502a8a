import Logging
import Synchronization
import Testing

@testable import VendorSimulator

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
  private let time: Mutex<Double>

  init(_ text: String) throws {
    time = Mutex(try #require(Timestamp.parse(text)))
  }

  var now: Double { time.withLock { $0 } }

  func advance(_ seconds: Double) {
    time.withLock { $0 += seconds }
  }
}

/// A running simulator with a client for it.
struct SimulatorFixture {
  let simulator: SimulatorServer
  let client: SimulatorClient
  let clock: TestClock

  /// Starts a simulator at a time, runs the body, and shuts down whatever came of it.
  ///
  /// 2026-01-14 is a Wednesday; 09:30 in UTC is 12:30 for Experia's agents.
  static func run(
    at time: String = "2026-01-14T09:30:00Z",
    configure: (inout SimulatorConfiguration) -> Void = { _ in },
    _ body: (SimulatorFixture) async throws -> Void
  ) async throws {
    let clock = try TestClock(time)
    var configuration = SimulatorConfiguration()
    configuration.now = { clock.now }
    configure(&configuration)
    let simulator = try SimulatorServer(
      configuration: configuration,
      logger: Logger(level: .error, format: .logfmt)
    )
    simulator.start()
    do {
      let client = try #require(SimulatorClient(baseURL: simulator.baseURL))
      try await body(SimulatorFixture(simulator: simulator, client: client, clock: clock))
    } catch {
      await simulator.shutdown()
      throw error
    }
    await simulator.shutdown()
  }

  /// Experia: a POST with the key.
  func experia(
    _ body: String,
    path: String = "/v2/dashboard",
    key: String = "demo-experia-key"
  ) throws -> SimulatorClient.Reply {
    try client.send(
      "POST",
      path,
      fields: [("X-API-Key", key), ("Content-Type", "application/json")],
      body: body
    )
  }

  /// Rocket.Chat: a GET of the charts.
  func rocketChat(
    _ query: String,
    path: String = "/api/v1/livechat/analytics/dashboards/charts-data",
    token: String = "demo-rocketchat-token"
  ) throws -> SimulatorClient.Reply {
    try client.send(
      "GET",
      "\(path)?\(query)",
      fields: [("X-Auth-Token", token), ("X-User-Id", "demo-user")]
    )
  }

  /// Samespace: a query with variables.
  func samespace(
    _ query: String,
    variables: JSONValue = [:],
    key: String = "demo-samespace-key"
  ) throws -> SimulatorClient.Reply {
    let body: JSONValue = ["query": .string(query), "variables": variables]
    return try client.send(
      "POST",
      "/analytics/api",
      fields: [("x-api-key", key), ("Content-Type", "application/json")],
      body: String(decoding: body.encoded, as: UTF8.self)
    )
  }

  /// Kore.ai: a request to the bot with a token; a good one where none is given.
  func kore(
    _ method: String,
    _ target: String,
    token: String? = nil,
    body: String = ""
  ) throws -> SimulatorClient.Reply {
    try client.send(
      method,
      "/api/public/bot/st-00000000-0000-0000-0000-000000000000/\(target)",
      fields: [("auth", token ?? TestToken.signed()), ("Content-Type", "application/json")],
      body: body
    )
  }
}

extension SimulatorClient.Reply {
  /// The body as JSON; fails the test where it is none.
  func json() throws -> JSONValue {
    try #require(JSONValue(parsing: body), "not JSON: \(text.prefix(200))")
  }
}

extension JSONValue {
  /// The names of an object's members, sorted.
  var names: [String] {
    guard case .object(let members) = self else { return [] }
    return members.map(\.name).sorted()
  }

  /// The whole number, or nil.
  var int: Int? {
    if case .integer(let number) = self { number } else { nil }
  }
}

import CollectorKit
import HTTPTransport
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Collectors

/// How often a table is asked for, and when it is whole.
@Suite struct RowPagesTests {
  /// A server with rows, which hands out at most `cap` at once.
  private struct Server {
    var rows: [String]
    var cap = 50
    var ignoresLimit = false
    var ownLimit: Int?
    var ignoresSkip = false
    /// The greatest offset that it obeys.
    var greatestSkip = Int.max
    /// What is appended to the rows by the number of the request.
    var changes: @Sendable (Int) -> [String] = { _ in [] }

    init(_ count: Int, _ row: (Int) -> String = { "{\"k\":\"k\($0)\",\"n\":\($0)}" }) {
      rows = (0..<count).map(row)
    }

    /// With pages of its own length, whatever is asked for.
    func with(limit: Int) -> Server {
      var server = self
      server.ownLimit = limit
      return server
    }

    func page(_ skip: Int, limit: Int, request: Int = 0) throws -> RowTable {
      let start = ignoresSkip ? 0 : min(skip, greatestSkip)
      let changed = changes(request)
      let rows = changed.isEmpty ? rows : changed
      let page = rows.dropFirst(start).prefix(ignoresLimit ? .max : ownLimit ?? min(limit, cap))
      let json = "[" + page.joined(separator: ",") + "]"
      let response = HTTPClientResponse(status: 200, body: Array(json.utf8))
      return try RowTable.decode(from: response, .at([]), endpoint: "e")
    }
  }

  /// A pager and what it asked.
  private final class Client: Sendable {
    let pages: RowPages
    let recorder = LogRecorder()
    private let asked = Mutex<[Int]>([])

    init(limit: Int = 50, maximum: Int = 500, mayBeCapped: Bool = false) {
      pages = RowPages(limit: limit, maximum: maximum, mayBeCapped: mayBeCapped)
    }

    /// How many rows there are, and the offsets of the requests.
    func poll(_ server: Server) async throws -> (rows: Int, asked: [Int]) {
      asked.withLock { $0 = [] }
      let table = try await pages.table(endpoint: "e", advice: "a", log: recorder.logger) { skip in
        let request = asked.withLock { asked in
          asked.append(skip)
          return asked.count
        }
        return try server.page(skip, limit: pages.limit, request: request)
      }
      return (table.rowCount, asked.withLock { $0 })
    }

    func expect(
      _ server: Server,
      _ rows: Int,
      _ asked: [Int],
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      let result = try await poll(server)
      #expect(result.rows == rows, sourceLocation: sourceLocation)
      #expect(result.asked == asked, sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    (0, [0]), (1, [0]), (49, [0]), (50, [0, 50]), (51, [0, 50]), (100, [0, 50, 100]),
    (500, [0, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500]),
  ])
  func asksUntilAPageIsShort(rows: Int, expected: [Int]) async throws {
    let client = Client()
    #expect(client.pages.requests == nil)
    try await client.expect(Server(rows), rows, expected)
    #expect(client.pages.requests == expected.count)
    #expect(client.recorder.lines.isEmpty)
  }

  @Test(arguments: [501, 10_000], [false, true])
  func aTableThatIsTooLongIsNone(rows: Int, isUngrouped: Bool) async throws {
    let client = Client()
    await #expect(
      throws: CollectionError(
        .tooLarge,
        endpoint: "e",
        "more than 500 rows, which would not all be counted; a"
      )
    ) {
      _ = try await client.poll(isUngrouped ? Server(rows) { _ in "1" } : Server(rows))
    }
    #expect(client.pages.requests == nil)
  }

  /// A limit that the server has and does not speak of is a round number.
  @Test(arguments: [
    (120, 100, [0, 100]), (730, 500, [0, 500]), (700, 500, [0, 500, 700]), (70, 50, [0, 50]),
    (51, 1000, [0]), (33, 20, [0, 20]), (60, 25, [0, 25, 50]), (20, 1000, [0, 20]),
  ])
  func aSilentCapIsNoticed(rows: Int, cap: Int, expected: [Int]) async throws {
    let client = Client(limit: 1000, maximum: 10_000, mayBeCapped: true)
    var server = Server(rows)
    server.cap = cap
    try await client.expect(server, rows, expected)
  }

  /// A server that ignores `skip`, and a new row between two requests: the newest copy counts.
  @Test func aTableThatMovesBetweenTwoRequests() async throws {
    var server = Server(50)
    server.ignoresSkip = true
    let first = server.rows
    let moved = [#"{"k":"new","n":1}"#] + first.dropLast()
    server.changes = { $0 == 1 ? first : moved }
    let client = Client()
    #expect(try await client.poll(server).rows == 50)
  }

  @Test func aServerThatIgnoresTheLimitIsAskedOnce() async throws {
    var server = Server(120)
    server.ignoresLimit = true
    try await Client().expect(server, 120, [0])
    // It could have a limit of its own, which is a round number.
    server = Server(250)
    server.ignoresLimit = true
    try await Client().expect(server, 250, [0, 250])
    try await Client().expect(Server(240).with(limit: 100), 240, [0, 100, 200])
  }

  /// No vendor documents that `skip` is obeyed: the same rows again count once.
  @Test func aServerThatIgnoresSkip() async throws {
    let client = Client()
    var server = Server(50)
    server.ignoresSkip = true
    try await client.expect(server, 50, [0, 50])
    try await client.expect(server, 50, [0, 50])
    #expect(client.pages.requests == 2)
    // Whether there are more than these 50 rows cannot be known: it is logged, once.
    #expect(client.recorder.lines.count == 1)
    #expect(client.recorder.lines[0].contains("the vendor ignores skip"))
    #expect(client.recorder.lines[0].contains("skip=50 brought the same rows again; 50 rows"))

    server = Server(120)
    server.ignoresSkip = true
    try await Client().expect(server, 50, [0, 50])
    server.ignoresLimit = true
    try await Client().expect(server, 120, [0])
    server = Server(150)
    (server.ignoresSkip, server.ignoresLimit) = (true, true)
    try await Client().expect(server, 150, [0, 150])
  }

  /// Rows that are not grouped may make equal pages: one request beyond the end decides.
  @Test(arguments: [1, 2, 5])
  func pagesThatAreEqualInTruth(period: Int) async throws {
    let client = Client()
    let server = Server(120) { "{\"k\":\"k\($0 % period)\"}" }
    try await client.expect(server, 120, [0, 50, 1_000_000, 100])
    #expect(client.pages.requests == 3)
    try await client.expect(server, 120, [0, 50, 100])
    #expect(client.recorder.lines.isEmpty)

    let other = Client()
    var ignoring = server
    ignoring.ignoresSkip = true
    try await other.expect(ignoring, 50, [0, 50, 1_000_000])
    try await other.expect(ignoring, 50, [0, 50])
    #expect(other.recorder.lines.count == 1)
  }

  /// A refusal of the far offset shows that it is read; another failure is one.
  @Test func aServerThatRefusesFarOffsets() async throws {
    let server = Server(120) { _ in "1" }
    for (reason, rows) in [(FailureReason.httpStatus, 120), (.vendorError, 120), (.timeout, nil)] {
      let pages = RowPages(limit: 50, maximum: 500, mayBeCapped: false)
      let table = try? await pages.table(endpoint: "e", advice: "a", log: LogRecorder().logger) {
        skip in
        guard skip < 10_000 else { throw CollectionError(reason, endpoint: "e", "no") }
        return try server.page(skip, limit: 50)
      }
      #expect(table?.rowCount == rows)
    }
  }

  /// A widget's totals go on between two requests, and its order with them.
  @Test func totalsThatGoOn() async throws {
    let client = Client()
    var server = Server(50)
    server.ignoresSkip = true
    server.changes = { request in
      (0..<50).map { "{\"k\":\"k\(($0 + request) % 50)\",\"n\":\($0 * request)}" }
    }
    try await client.expect(server, 50, [0, 50, 1_000_000])
    try await client.expect(server, 50, [0, 50])
  }

  /// A server that gives its last page for whatever is beyond it, and one that begins again.
  @Test func pagesThatRepeatAfterSeveral() async throws {
    let client = Client()
    var server = Server(150)
    server.greatestSkip = 100
    try await client.expect(server, 150, [0, 50, 100, 150])

    let circle = Server(100)
    var asked: [Int] = []
    let table = try await Client().pages.table(
      endpoint: "e",
      advice: "a",
      log: LogRecorder().logger
    ) { skip in
      asked.append(skip)
      return try circle.page(skip % 100, limit: 50)
    }
    #expect(table.rowCount == 100)
    #expect(asked == [0, 50, 100, 150])
  }

  /// What was learnt is given up where it leads nowhere.
  @Test func aServerThatChanges() async throws {
    let client = Client()
    try await client.expect(Server(50), 50, [0, 50])
    var server = Server(50)
    server.ignoresSkip = true
    await #expect(throws: CollectionError.self) { _ = try await client.poll(server) }
    try await client.expect(server, 50, [0, 50])
  }
}

import CollectorKit
import HTTPTransport
import Synchronization
import Testing

@testable import Collectors

/// How often a table is asked for, and when it is whole.
@Suite struct RowPagesTests {
  /// A server with so many rows, which hands out at most `cap` at once; nil ignores the limit.
  private struct Server {
    let rows: Int
    var cap: Int? = 50

    func page(_ skip: Int, limit: Int) throws -> RowTable {
      let count = cap.map { max(0, min(rows - skip, limit, $0)) } ?? rows
      let json = "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]"
      let response = HTTPClientResponse(status: 200, body: Array(json.utf8))
      return try RowTable.decode(from: response, .at([]), endpoint: "e")
    }
  }

  @Test(arguments: [
    (0, [0]), (1, [0]), (49, [0]), (50, [0, 50]), (51, [0, 50]), (100, [0, 50, 100]),
    (500, [0, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500]),
  ])
  func asksUntilAPageIsShort(rows: Int, expected: [Int]) async throws {
    let pages = RowPages(limit: 50, maximum: 500, mayBeCapped: false)
    #expect(pages.requests == nil)
    var asked: [Int] = []
    let table = try await pages.table(endpoint: "e", advice: "a") { skip in
      asked.append(skip)
      return try Server(rows: rows).page(skip, limit: pages.limit)
    }
    #expect(asked == expected)
    #expect(table.rowCount == rows)
    #expect(pages.requests == expected.count)
  }

  @Test(arguments: [501, 10_000])
  func aTableThatIsTooLongIsNone(rows: Int) async throws {
    let pages = RowPages(limit: 50, maximum: 500, mayBeCapped: false)
    await #expect(
      throws: CollectionError(
        .tooLarge,
        endpoint: "e",
        "more than 500 rows, which would not all be counted; a"
      )
    ) {
      _ = try await pages.table(endpoint: "e", advice: "a") { skip in
        try Server(rows: rows).page(skip, limit: pages.limit)
      }
    }
    #expect(pages.requests == nil)
  }

  /// A limit that the server has and does not speak of is a round number.
  @Test(arguments: [
    (120, 100, [0, 100]), (730, 500, [0, 500]), (700, 500, [0, 500, 700]), (70, 50, [0, 50]),
    (51, 1000, [0]),
  ])
  func aSilentCapIsNoticed(rows: Int, cap: Int, expected: [Int]) async throws {
    let pages = RowPages(limit: 1000, maximum: 10_000, mayBeCapped: true)
    var asked: [Int] = []
    let table = try await pages.table(endpoint: "e", advice: "a") { skip in
      asked.append(skip)
      return try Server(rows: rows, cap: cap).page(skip, limit: pages.limit)
    }
    #expect(asked == expected)
    #expect(table.rowCount == rows)
  }

  @Test func aServerThatIgnoresTheLimitIsAskedOnce() async throws {
    let pages = RowPages(limit: 50, maximum: 500, mayBeCapped: false)
    var asked = 0
    let table = try await pages.table(endpoint: "e", advice: "a") { skip in
      asked += 1
      return try Server(rows: 120, cap: nil).page(skip, limit: pages.limit)
    }
    #expect(asked == 1)
    #expect(table.rowCount == 120)
  }
}

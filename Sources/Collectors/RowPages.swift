import CollectorKit
import Synchronization

/// Asks for a long table page by page.
///
/// A table that is cut off would count too little without anybody noticing, so that one that is
/// longer than allowed is a failure.
final class RowPages: Sendable {
  /// Rows that are asked for at once.
  let limit: Int
  /// The most rows that are taken.
  private let maximum: Int
  /// Whether the vendor may hand out fewer rows at once than were asked for, without a word.
  private let mayBeCapped: Bool
  private let latest = Mutex<Int?>(nil)

  init(limit: Int, maximum: Int, mayBeCapped: Bool) {
    self.limit = limit
    self.maximum = maximum
    self.mayBeCapped = mayBeCapped
  }

  /// How many requests the table took last; nil before the first time.
  var requests: Int? { latest.withLock { $0 } }

  /// The whole table.
  ///
  /// - Parameters:
  ///   - endpoint: The table's name in errors.
  ///   - advice: What to do where it is too long.
  ///   - page: Asks for the rows behind so many.
  /// - Returns: The rows of all pages.
  /// - Throws: What a page's request throws, and `CollectionError` with the reason `tooLarge`.
  func table(
    endpoint: String,
    advice: String,
    _ page: (_ skip: Int) async throws -> RowTable
  ) async throws -> RowTable {
    var pages: [RowTable] = []
    var rows = 0
    var asked = 0
    while true {
      asked += 1
      let next = try await page(rows)
      rows += next.rowCount
      // The empty page behind the last one says nothing that is not known.
      if pages.isEmpty || next.rowCount > 0 { pages.append(next) }
      guard rows <= maximum else {
        throw CollectionError(
          .tooLarge,
          endpoint: endpoint,
          "more than \(maximum) rows, which would not all be counted; \(advice)"
        )
      }
      if isLast(next.rowCount) { break }
    }
    let count = asked
    latest.withLock { $0 = count }
    return pages.count == 1 ? pages[0] : RowTable(joining: pages)
  }

  /// Whether nothing follows a page with so many rows.
  private func isLast(_ rows: Int) -> Bool {
    guard rows > 0 else { return true }
    // More than asked for: the limit is not looked at, and the table is whole.
    guard rows <= limit else { return true }
    if rows == limit { return false }
    // Limits that servers have are round numbers.
    return !mayBeCapped || rows % 50 != 0
  }
}

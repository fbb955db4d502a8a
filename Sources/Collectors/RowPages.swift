import CollectorKit
import Logging
import Synchronization

/// Asks for a long table page by page.
///
/// A table that is cut off would count too little in silence, so that one that is longer than
/// allowed is a failure.
///
/// No vendor documents that `skip` is obeyed. A server that ignores it gives the same rows again and
/// again: paging ends if the last page, or the last few, repeat those before, and their rows count
/// once. Two pages of a table that is not grouped may be equal in truth, as 100 rows of
/// `successintents` are. If that can be, one request far beyond the table's end decides: it brings the
/// same rows only if `skip` is ignored.
final class RowPages: Sendable {
  /// What is known of the server.
  private enum Skip {
    case unknown, obeyed, ignored
  }

  /// A page, and what it is compared by.
  private struct Page {
    let table: RowTable
    let rows: [Int]
    /// The rows in any order, without their numbers: totals go on between two requests.
    let names: [Int]

    init(_ table: RowTable) {
      self.table = table
      rows = table.digests(hasNumbers: true)
      names = table.digests(hasNumbers: false).sorted()
    }

    func resembles(_ other: Page) -> Bool { table.rowCount > 0 && names == other.names }

    /// Whether no two rows are the same, as in a table that is grouped: then no other page has them.
    var isDistinct: Bool { Set(rows).count == rows.count }
  }

  /// Rows that are asked for at once.
  let limit: Int
  /// The most rows that are taken.
  private let maximum: Int
  /// Whether the vendor may hand out fewer rows at once than were asked for, without a word.
  private let mayBeCapped: Bool
  private let latest = Mutex<Int?>(nil)
  private let skip = Mutex(Skip.unknown)
  private let hasWarned = Mutex(false)

  init(limit: Int, maximum: Int, mayBeCapped: Bool) {
    self.limit = limit
    self.maximum = maximum
    self.mayBeCapped = mayBeCapped
  }

  /// How many requests the table took last; nil before the first time.
  var requests: Int? { latest.withLock { $0 } }

  /// An offset that no table reaches.
  private var beyond: Int { max(maximum, 1_000_000) }

  /// The whole table.
  ///
  /// - Parameters:
  ///   - endpoint: The table's name in errors.
  ///   - advice: What to do if it is too long.
  ///   - log: Takes a line if the server ignores `skip`, once.
  ///   - page: Asks for the rows after so many.
  /// - Returns: The rows of all pages, each once.
  /// - Throws: What a page's request throws, and `CollectionError` with the reason `tooLarge`.
  func table(
    endpoint: String,
    advice: String,
    log: Logger,
    _ page: (_ skip: Int) async throws -> RowTable
  ) async throws -> RowTable {
    var pages: [Page] = []
    var rows = 0
    var asked = 0
    while true {
      asked += 1
      let table = try await page(rows)
      if asked == 1, table.rowCount <= maximum, isLast(table.rowCount, after: nil) {
        latest.withLock { $0 = 1 }
        return table
      }
      let next = Page(table)
      let count = table.rowCount
      // The empty page after the last one says nothing but that `skip` is obeyed.
      if count > 0 || pages.isEmpty { pages.append(next) } else { skip.withLock { $0 = .obeyed } }
      if let length = RowPages.circle(pages),
        try await isRepeated(next, pages[pages.count - 1 - length], page)
      {
        // The newest copies, and of the pages before only those that share no row with them: the table
        // may have moved between two requests.
        let kept = pages.suffix(length)
        let seen = Set(kept.flatMap(\.names))
        pages = pages.dropLast(2 * length).filter { seen.isDisjoint(with: $0.names) } + kept
        warn(endpoint: endpoint, skip: rows, rows: pages.reduce(0) { $0 + $1.table.rowCount }, log)
        break
      }
      rows += count
      guard rows <= maximum else {
        skip.withLock { $0 = .unknown }
        throw CollectionError(
          .tooLarge,
          endpoint: endpoint,
          "more than \(maximum) rows, which would not all be counted; \(advice)"
        )
      }
      if isLast(count, after: pages.dropLast().map(\.table.rowCount).max()) { break }
    }
    let count = asked
    latest.withLock { $0 = count }
    return pages.count == 1 ? pages[0].table : RowTable(joining: pages.map(\.table))
  }

  /// How many of the last pages resemble as many before them: one where a page repeats the one
  /// before; nil if none do.
  private static func circle(_ pages: [Page]) -> Int? {
    (1...max(1, pages.count / 2)).first { length in
      guard 2 * length <= pages.count else { return false }
      let last = pages.suffix(length)
      return zip(last, pages.dropLast(length).suffix(length)).allSatisfy { $0.resembles($1) }
    }
  }

  /// Whether a page that resembles an earlier one is the same rows, not others that look alike.
  private func isRepeated(
    _ next: Page,
    _ earlier: Page,
    _ page: (_ skip: Int) async throws -> RowTable
  ) async throws -> Bool {
    let known = skip.withLock { $0 }
    guard known == .unknown else { return known == .ignored }
    var isIgnored = next.rows == earlier.rows && next.isDistinct
    if !isIgnored {
      do {
        isIgnored = Page(try await page(beyond)).resembles(next)
      } catch let error as CollectionError where [.httpStatus, .vendorError].contains(error.reason)
      {
        // A server that refuses the offset has read it.
      }
    }
    let result: Skip = isIgnored ? .ignored : .obeyed
    skip.withLock { $0 = result }
    return isIgnored
  }

  private func warn(endpoint: String, skip: Int, rows: Int, _ log: Logger) {
    let isFirst = hasWarned.withLock { hasWarned in
      defer { hasWarned = true }
      return !hasWarned
    }
    guard isFirst else { return }
    log.warn(
      "the vendor ignores skip",
      [
        ("endpoint", endpoint),
        (
          "cause",
          "skip=\(skip) brought the same rows again; \(rows) rows are counted, once, and "
            + "if the table has more, the vendor does not give them: let it have fewer than \(limit)"
        ),
      ]
    )
  }

  /// Whether nothing follows a page with so many rows.
  ///
  /// - Parameters:
  ///   - rows: The page's rows.
  ///   - longest: The rows of the longest page before it; nil for the first page.
  /// - Returns: Whether paging ends.
  private func isLast(_ rows: Int, after longest: Int?) -> Bool {
    guard rows > 0 else { return true }
    if rows == limit { return false }
    // Limits that servers have are round numbers. More rows than were asked for: the limit is not
    // looked at, and the table is whole unless the server has a limit of its own.
    if rows > limit { return rows % 50 != 0 }
    guard mayBeCapped else { return true }
    if rows % 50 == 0 { return false }
    return longest.map { rows < $0 } ?? (rows % 10 != 0 && rows % 25 != 0)
  }
}

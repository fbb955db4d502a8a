import CollectorKit
import Ledger
import Logging

/// Brings the last totals of a target's past days into the ledger: of yesterday after midnight, and
/// of every day that was missed while the agent was down.
///
/// It works behind a poll that has just succeeded, one day at a time and the oldest first. What fails
/// is asked for again behind the next poll, until the day leaves `catch_up`.
final class DayCloser {
  private let loop: PollLoop
  private let collector: any DayClosing
  private var book: DayBook
  /// What the earlier attempts at the oldest day have brought.
  private var finished: (day: CivilDate, parts: Set<String>)?

  private var name: String { loop.target.settings.name }

  init(loop: PollLoop, collector: any DayClosing) {
    self.loop = loop
    self.collector = collector
    book = DayBook(
      zone: collector.dayZone,
      overlap: collector.dayOverlap,
      closedThrough: loop.ledger.closedThrough(target: loop.target.settings.name)
    )
  }

  /// Closes the oldest day that is due, if there is one.
  ///
  /// - Throws: `CancellationError`.
  func closeNext() async throws {
    let now = loop.time.unixTime
    book.begin(at: now)
    if let lost = book.giveUp(after: loop.target.settings.catchUp, at: now) {
      loop.log.warn(
        "days left catch_up before their closing totals could be fetched",
        [("first", "\(lost.first)"), ("last", "\(lost.last)")]
      )
    }
    defer { keep() }
    guard let day = book.due(at: now) else { return }
    let done = finished.flatMap { $0.day == day ? $0.parts : nil } ?? []
    let context = loop.context(patience: 0)
    let (outcome, failure) = try await loop.attempt(context) {
      try await collector.closingTotals(of: day, except: done, in: context)
    }
    loop.keep(outcome, at: loop.time.unixTime)
    loop.store.renew(counters: loop.ledger.families(target: name), of: name)
    if let failure {
      finished = (day, done.union(outcome.successes))
      loop.report(failure, outcome, what: "closing totals failed")
    } else {
      finished = nil
      book.close(day)
      loop.log.debug("closed a day", [("day", "\(day)")])
    }
  }

  /// Tells the ledger where to go on after a restart; it ignores what it knows already.
  private func keep() {
    if let end = book.closedThrough { loop.ledger.close(target: name, through: end) }
  }
}

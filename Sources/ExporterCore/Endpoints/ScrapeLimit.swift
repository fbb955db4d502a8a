import Synchronization

/// At most so many scrapes at a time, from the request to the answer's last byte.
final class ScrapeLimit: Sendable {
  /// A scrape under way: it ends when the listener drops the ticket.
  final class Ticket: Sendable {
    private let limit: ScrapeLimit

    fileprivate init(_ limit: ScrapeLimit) {
      self.limit = limit
    }

    deinit {
      limit.underWay.subtract(1, ordering: .relaxed)
    }
  }

  private let most: Int
  private let underWay = Atomic(0)

  /// A limit of so many scrapes.
  init(_ most: Int) {
    self.most = most
  }

  /// A ticket for one more scrape, or nil where there are enough.
  func enter() -> Ticket? {
    guard underWay.add(1, ordering: .relaxed).newValue <= most else {
      underWay.subtract(1, ordering: .relaxed)
      return nil
    }
    return Ticket(self)
  }
}

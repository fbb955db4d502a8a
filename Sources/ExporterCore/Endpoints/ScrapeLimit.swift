import Synchronization

/// At most so many scrapes at a time, from the request to the answer's last byte.
final class ScrapeLimit: Sendable {
  /// A scrape under way: it ends when the listener drops the ticket.
  final class Ticket: Sendable {}

  /// All the tickets there are.
  ///
  /// One that nobody else holds is free: a scrape allocates none.
  private let tickets: Mutex<[Ticket]>

  /// A limit of so many scrapes.
  init(_ most: Int) {
    tickets = Mutex((0..<most).map { _ in Ticket() })
  }

  /// A ticket for one more scrape, or nil where there are enough.
  func enter() -> Ticket? {
    tickets.withLock { tickets in
      for index in tickets.indices where isKnownUniquelyReferenced(&tickets[index]) {
        return tickets[index]
      }
      return nil
    }
  }
}

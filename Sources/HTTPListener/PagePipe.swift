import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// The way of pages from memory to sockets: a pipe, empty but for the moment of a write.
///
/// One serves all connections of a loop. An answer that is sent several times in a row waits in a second
/// pipe: what a pipe holds is given to another for less than pages are looked up in memory.
final class PagePipe {
  /// nil where the system does not let pages be sent so: then they are copied, as everything else.
  private var passage: Pipe?
  private var stock: Pipe?
  /// The answer that the stock holds whole.
  private weak var stocked: AnswerPages?
  /// Bytes in the stock.
  private var stockCount = 0
  /// The answer that was last sent from memory.
  private weak var latest: AnswerPages?
  /// Takes what a socket had no room for.
  private let sink: Int32

  /// Pipes, or where the system gives none an object that sends nothing.
  init() {
    sink = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
    passage = sink < 0 ? nil : Pipe()
    stock = passage == nil ? nil : Pipe()
  }

  deinit {
    if sink >= 0 { close(sink) }
  }

  /// Sends what the socket takes.
  ///
  /// A peer that is gone would be a signal as well, but the loop's thread takes none.
  ///
  /// - Returns: How many bytes, -1 with `errno` set, or nil where pages cannot be sent.
  func send(_ pages: AnswerPages, from offset: Int, to socket: Int32) -> Int? {
    guard let passage else { return nil }
    let lent = fill(passage, pages, from: offset)
    guard lent > 0 else { return refuse() }
    let sent = cx_move(passage.reading, socket, lent)
    let cause = errno
    if sent < lent, !passage.empty(lent - max(0, sent), into: sink) {
      // What is left in it must never be sent.
      let refusal = refuse()
      return sent > 0 ? sent : refusal
    }
    if sent < 0, cause == EPERM || cause == ENOSYS || cause == EINVAL { return refuse() }
    errno = cause
    return sent
  }

  /// Puts what follows the offset into a pipe: how many bytes, or -1.
  private func fill(_ pipe: Pipe, _ pages: AnswerPages, from offset: Int) -> Int {
    if offset == 0, takeIntoStock(pages), let stock {
      let shared = cx_share(stock.reading, pipe.writing, stockCount)
      if shared > 0 { return shared }
    }
    return lend(pages, from: offset, to: pipe)
  }

  /// Takes an answer that is sent for the second time in a row: whether the stock holds it now.
  private func takeIntoStock(_ pages: AnswerPages) -> Bool {
    if stocked === pages { return true }
    guard latest === pages, pages.count <= Pipe.size else {
      latest = pages
      return false
    }
    stocked = nil
    guard let stock, stock.empty(stockCount, into: sink) else {
      // As in the passage.
      self.stock = nil
      return false
    }
    stockCount = max(0, lend(pages, from: 0, to: stock))
    guard stockCount == pages.count else { return false }
    stocked = pages
    return true
  }

  private func lend(_ pages: AnswerPages, from offset: Int, to pipe: Pipe) -> Int {
    unsafe pages.withBytes(from: offset) { bytes in
      unsafe cx_lend(pipe.writing, bytes.baseAddress, bytes.count)
    }
  }

  private func refuse() -> Int? {
    passage = nil
    stock = nil
    return nil
  }
}

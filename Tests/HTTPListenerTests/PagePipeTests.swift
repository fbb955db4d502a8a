import CLinux
import Testing

@testable import HTTPListener

#if canImport(Glibc)
import Glibc
#endif

/// What the kernel is lent arrives, and what it does not take is sent in another way.
@Suite struct PagePipeTests {
  /// Calls `body` with two sockets, what is written to the one being read from the other.
  private func withSocketPair(_ body: (Int32, Int32) throws -> Void) throws {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    try #require(unsafe socketpair(AF_UNIX, type, 0, &ends) == 0)
    defer { for end in ends { close(end) } }
    try body(ends[0], ends[1])
  }

  private func receive(_ socket: Int32, _ count: Int) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let got = unsafe recv(socket, &buffer, count, 0)
    return Array(buffer.prefix(max(0, got)))
  }

  /// The socket takes a part: what is left in the pipe is not what the next one gets.
  @Test func everyWriteBeginsWithItsOwnBytes() throws {
    try withSocketPair { left, right in
      let large = try #require(
        AnswerPages([Array((0..<2_000_000).map { UInt8($0 % 251) })], count: 2_000_000)
      )
      let pipe = PagePipe()
      let sent = try #require(pipe.send(large, from: 0, to: left))
      #expect(sent > 0 && sent < 2_000_000)
      #expect(pipe.send(large, from: sent, to: left) == -1)
      #expect(errno == EAGAIN)
      var position = 0
      while position < sent {
        let part = receive(right, 65_536)
        try #require(!part.isEmpty)
        let isRight = part.enumerated().allSatisfy { Int($1) == (position + $0) % 251 }
        try #require(isRight)
        position += part.count
      }
      #expect(position == sent)
      #expect(try #require(pipe.send(large, from: sent, to: left)) > 0)
      #expect(receive(right, 1) == [UInt8(sent % 251)])
    }
  }

  /// Whichever was sent before, and however often: each send is of its own answer.
  @Test func answersInAnyOrderStayApart() throws {
    try withSocketPair { left, right in
      let pipe = PagePipe()
      func answer(_ byte: UInt8, _ count: Int) throws -> AnswerPages {
        try #require(AnswerPages([[UInt8](repeating: byte, count: count)], count: count))
      }
      func expect(_ answer: AnswerPages, _ byte: UInt8, from offset: Int = 0) {
        #expect(pipe.send(answer, from: offset, to: left) == answer.count - offset)
        #expect(receive(right, 100_000) == [UInt8](repeating: byte, count: answer.count - offset))
      }
      let first = try answer(1, 40_000)
      let second = try answer(2, 70_001)
      for _ in 0..<4 { expect(first, 1) }
      for _ in 0..<4 { expect(second, 2) }
      for _ in 0..<3 {
        expect(first, 1)
        expect(second, 2)
      }
      expect(second, 2, from: 70_000)
      // Others may come to lie where the one was that the stock holds.
      for number in 3..<40 {
        let next = try answer(UInt8(number), 40_000)
        for _ in 0..<3 { expect(next, UInt8(number)) }
      }
    }
  }

  /// More than the pipes hold goes in parts.
  @Test func anAnswerLargerThanThePipesArrivesWhole() throws {
    try withSocketPair { left, right in
      let count = 3_000_000
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
      let pages = try #require(AnswerPages([bytes], count: count))
      let pipe = PagePipe()
      for _ in 0..<3 {
        var sent = 0
        var received: [UInt8] = []
        while sent < count {
          let part = try #require(pipe.send(pages, from: sent, to: left))
          try #require(part > 0)
          sent += part
          while received.count < sent { received += receive(right, sent - received.count) }
        }
        #expect(received == bytes)
      }
    }
  }

  /// An eventfd takes no pages: the one who asks is told to copy, from then on at once.
  @Test func aRefusalLasts() throws {
    let other = eventfd(0, Int32(EFD_CLOEXEC))
    defer { close(other) }
    try withSocketPair { left, _ in
      let pages = try #require(AnswerPages([[UInt8](repeating: 1, count: 20_000)], count: 20_000))
      let pipe = PagePipe()
      #expect(pipe.send(pages, from: 0, to: other) == nil)
      #expect(pipe.send(pages, from: 0, to: left) == nil)
    }
  }

  /// Pages that nobody holds any more arrive as they were.
  @Test func pagesOutliveTheirOwner() throws {
    try withSocketPair { left, right in
      let pipe = PagePipe()
      do {
        let pages = try #require(AnswerPages([[UInt8](repeating: 7, count: 40_000)], count: 40_000))
        #expect(pipe.send(pages, from: 0, to: left) == 40_000)
      }
      let other = try #require(AnswerPages([[UInt8](repeating: 8, count: 40_000)], count: 40_000))
      #expect(receive(right, 40_000) == [UInt8](repeating: 7, count: 40_000))
      #expect(unsafe other.withBytes(from: 39_999) { $0.count } == 1)
    }
  }
}

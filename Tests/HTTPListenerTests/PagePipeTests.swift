import CLinux
import Testing

@testable import HTTPListener

#if canImport(Glibc)
import Glibc
#endif

/// What the kernel is lent arrives, and what it does not take is sent in another way.
@Suite struct PagePipeTests {
  private func socketPair() throws -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    try #require(unsafe socketpair(AF_UNIX, type, 0, &ends) == 0)
    return (ends[0], ends[1])
  }

  private func receive(_ socket: Int32, _ count: Int) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let got = unsafe recv(socket, &buffer, count, 0)
    return Array(buffer.prefix(max(0, got)))
  }

  /// The socket takes a part: what is left in the pipe is not what the next one gets.
  @Test func everyWriteBeginsWithItsOwnBytes() throws {
    let (left, right) = try socketPair()
    defer {
      close(left)
      close(right)
    }
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

  /// An eventfd takes no pages: the one who asks is told to copy, from then on at once.
  @Test func aRefusalLasts() throws {
    let (left, right) = try socketPair()
    let other = eventfd(0, Int32(EFD_CLOEXEC))
    defer { for descriptor in [left, right, other] { close(descriptor) } }
    let pages = try #require(AnswerPages([[UInt8](repeating: 1, count: 20_000)], count: 20_000))
    let pipe = PagePipe()
    #expect(pipe.send(pages, from: 0, to: other) == nil)
    #expect(pipe.send(pages, from: 0, to: left) == nil)
  }

  /// Pages that nobody holds any more arrive as they were.
  @Test func pagesOutliveTheirOwner() throws {
    let (left, right) = try socketPair()
    defer {
      close(left)
      close(right)
    }
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

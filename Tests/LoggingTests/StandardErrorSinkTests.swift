import Glibc
import Synchronization
import Testing

@testable import Logging

@Suite struct StandardErrorSinkTests {
  private static let threads = 4
  private static let linesPerThread = 50
  /// Longer than `PIPE_BUF`, so that the system alone would not keep a line whole.
  private static let valueLength = 10_000

  /// What a thread needs to write its lines.
  private final class Writer: Sendable {
    let log: Logger
    let value: String

    init(log: Logger, value: String) {
      self.log = log
      self.value = value
    }

    func run() {
      for _ in 0..<linesPerThread { log.info("m", [("v", value)]) }
    }
  }

  /// Runs the writer on a thread of its own: one that blocks on a full pipe must not hold up the
  /// test's own.
  private static func start(_ writer: Writer) throws -> pthread_t {
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread,
      nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Writer>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      },
      Unmanaged.passRetained(writer).toOpaque()
    )
    try #require(status == 0)
    return thread
  }

  /// Lines of several threads through a pipe that holds only a few of them.
  @Test(arguments: [false, true]) func linesOfSeveralThreadsStayWhole(isNonblocking: Bool) throws {
    var ends: [Int32] = [-1, -1]
    try #require(unsafe pipe(&ends) == 0)
    let reader = ends[0]
    let sink = StandardErrorSink(descriptor: ends[1])
    defer {
      close(ends[0])
      close(ends[1])
    }
    if isNonblocking { try #require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0) }
    let log = Logger(level: .info, format: .logfmt, sink: sink, now: { 0 })
    let values = (0..<StandardErrorSinkTests.threads).map {
      String(repeating: "\($0)", count: StandardErrorSinkTests.valueLength)
    }
    let expected = values.map { "time=1970-01-01T00:00:00.000Z level=INFO msg=m v=\($0)\n" }
    let threads = try values.map { value in
      try StandardErrorSinkTests.start(Writer(log: log, value: value))
    }

    var output: [UInt8] = []
    let length =
      expected.reduce(0) { $0 + $1.utf8.count } * StandardErrorSinkTests.linesPerThread
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while output.count < length {
      let count = unsafe read(reader, &buffer, buffer.count)
      try #require(count > 0)
      output.append(contentsOf: buffer.prefix(count))
    }
    for thread in threads { pthread_join(thread, nil) }

    let lines = output.split(separator: UInt8(ascii: "\n"))
    let counts = expected.map { line in
      lines.count { $0.elementsEqual(line.utf8.dropLast()) }
    }
    #expect(counts == values.map { _ in StandardErrorSinkTests.linesPerThread })
    #expect(lines.count == counts.reduce(0, +))
  }
}

/// A reader that stops reading must not stop the agent.
@Suite struct StuckReaderTests {
  @Test func dropsLinesAndSaysSoOnceSomebodyReads() throws {
    var ends: [Int32] = [0, 0]
    try #require(unsafe pipe(&ends) == 0)
    defer {
      close(ends[0])
      close(ends[1])
    }
    let sink = StandardErrorSink(descriptor: ends[1])
    let line = Array((String(repeating: "x", count: 999) + "\n").utf8)
    // A pipe holds 64 KiB: most of these thousand lines find no room, and none waits for it.
    for _ in 0..<1000 { sink.write(line) }

    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let first = unsafe read(ends[0], &buffer, buffer.count)
    received += buffer.prefix(max(0, first))
    sink.write(Array("after\n".utf8))
    let second = unsafe read(ends[0], &buffer, buffer.count)
    received += buffer.prefix(max(0, second))

    let lines = String(decoding: received, as: UTF8.self).split(separator: "\n")
    let whole = lines.filter { $0.count == 999 }.count
    #expect(whole > 50)
    #expect(lines.last == "after")
    let note = "level=WARN msg=\"log lines were dropped: nobody read them\" count=\(1000 - whole)"
    #expect(lines.contains { $0 == note }, "\(lines.suffix(3))")
  }
}

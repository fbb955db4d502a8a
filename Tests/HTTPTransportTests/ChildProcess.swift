import CLinux
import Glibc
import Synchronization

/// A program with pipes on its standard input and output, ended by its own process id.
final class ChildProcess: Sendable {
  private let identifier: pid_t
  private let input: Int32
  private let output: Int32
  private let received = Mutex<[UInt8]>([])

  init(_ arguments: [String]) throws {
    let (inputReader, inputWriter) = try ChildProcess.pipe()
    let (outputReader, outputWriter) = try ChildProcess.pipe()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, inputReader, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, outputWriter, 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var strings = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe strings.indices { unsafe free(strings[index]) } }
    var identifier: pid_t = 0
    let code = unsafe posix_spawnp(&identifier, arguments[0], &actions, nil, &strings, environ)
    close(inputReader)
    close(outputWriter)
    guard code == 0 else { throw TestFailure("cannot start \(arguments[0]): error \(code)") }
    self.identifier = identifier
    input = inputWriter
    output = outputReader
  }

  deinit {
    // Not before: a thread that still waits for output would read whatever gets the number next.
    close(output)
  }

  /// Runs a program to its end.
  static func run(_ arguments: [String]) throws {
    let child = try ChildProcess(arguments)
    let status = child.end(bySignal: false)
    guard status == 0 else {
      throw TestFailure("\(arguments.joined(separator: " ")) ended with status \(status)")
    }
  }

  /// Everything the program has written so far.
  var text: String { String(decoding: received.withLock { $0 }, as: UTF8.self) }

  func write(_ bytes: [UInt8]) {
    let count = unsafe Glibc.write(input, bytes, bytes.count)
    precondition(count == bytes.count, "a pipe takes a short answer at once")
  }

  /// Reads until the output holds that text; throws at the output's end or after 20 s.
  func waitFor(_ wanted: String) throws -> String {
    while true {
      let text = text
      if text.contains(wanted) { return text }
      var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, 20_000) > 0, readMore() else {
        throw TestFailure("the program did not write \(wanted) but \(text)")
      }
    }
  }

  /// Kills the program unless it is to end by itself, and returns its wait status.
  @discardableResult
  func end(bySignal: Bool = true) -> Int32 {
    close(input)
    // SIGTERM is blocked in a child of one of the pool's threads.
    if bySignal { kill(identifier, SIGKILL) }
    while readMore() {}
    var status: Int32 = 0
    while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    return status
  }

  private func readMore() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe read(output, &buffer, buffer.count)
    guard count > 0 else { return false }
    received.withLock { $0 += buffer.prefix(count) }
    return true
  }

  /// Both ends close on exec: another child must not hold this one's pipes open.
  private static func pipe() throws -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [0, 0]
    guard unsafe Glibc.pipe(&ends) == 0 else { throw TestFailure("no pipe: error \(errno)") }
    for end in ends { _ = cx_fcntl_int(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }
}

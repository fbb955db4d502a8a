import CLinux
import Glibc
import Synchronization

/// A listener on a free loopback port that plays a script on a thread of its own for each
/// connection and counts them.
final class ScriptedServer: Sendable {
  typealias Script = @Sendable (ServerConnection) -> Void

  private struct State {
    var isOpen = true
    var connections: [ServerConnection] = []
    var threads: [TestThread] = []
  }

  let port: Int
  private let listener: Int32
  private let state = Mutex(State())

  init(_ script: @escaping Script) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(descriptor, address, size) | listen(descriptor, 512)
          | getsockname(descriptor, address, &size)
      }
    }
    guard code == 0 else { throw TestFailure("cannot listen: error \(errno)") }
    port = Int(UInt16(bigEndian: address.sin_port))
    let accepting = try TestThread { [self] in accept(script) }
    state.withLock { $0.threads.append(accepting) }
  }

  /// Answers every request with those bytes; the connection is kept for the next.
  convenience init(answering answer: [UInt8]) throws {
    try self.init { connection in
      while !connection.readRequest().isEmpty, connection.write(answer) {}
    }
  }

  /// Answers every request with that text; the connection is kept for the next.
  convenience init(answering answer: String) throws {
    try self.init(answering: Array(answer.utf8))
  }

  var url: String { "http://127.0.0.1:\(port)" }
  var accepted: Int { state.withLock { $0.connections.count } }
  /// Every request read so far, in order.
  var requests: [String] { state.withLock { $0.connections }.flatMap(\.requests) }

  /// Ends every script and waits for their threads.
  func stop() {
    let accepting = state.withLock { state in
      state.isOpen = false
      return state.threads.first
    }
    shutdown(listener, Int32(SHUT_RDWR))
    // Behind it no connection and no thread is added any more.
    accepting?.join()
    let (connections, threads) = state.withLock { ($0.connections, $0.threads.dropFirst()) }
    for connection in connections { connection.shutDown() }
    for thread in threads { thread.join() }
    close(listener)
  }

  private func accept(_ script: @escaping Script) {
    while true {
      let descriptor = Glibc.accept(listener, nil, nil)
      guard descriptor >= 0 else { return }
      let connection = ServerConnection(descriptor)
      // Counted before the script runs, so that a test that has its answer sees the connection.
      let isOpen = state.withLock { state in
        state.connections.append(connection)
        return state.isOpen
      }
      if !isOpen { connection.shutDown() }
      let thread = try? TestThread {
        script(connection)
        connection.close()
      }
      if let thread { state.withLock { $0.threads.append(thread) } }
    }
  }
}

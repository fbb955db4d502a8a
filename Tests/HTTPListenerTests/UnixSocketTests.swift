import CLinux
import Glibc
import Logging
import TestSupport
import Testing

@testable import HTTPListener

extension SocketTests {
  /// Unix sockets: their addresses, and what becomes of their files.
  @Suite struct UnixSocketTests {
    private func listen(on path: String) throws -> HTTPServer {
      try HTTPServer(
        addresses: [ListenAddress(parsing: "unix://\(path)")],
        handler: ClosureHandler(closure: TestServer.echo),
        logger: Logger(level: .error, format: .logfmt, sink: LogCollector())
      )
    }

    private func refusal(_ path: String) throws -> String {
      try #require(throws: ListenerError.self) { try listen(on: path) }.message
    }

    @Test(arguments: [
      ("unix:///run/cx/s", "/run/cx/s"), ("unix:/run/cx/s", "/run/cx/s"),
      ("unix:///a b:80", "/a b:80"),
    ])
    func parsed(_ text: String, _ path: String) throws {
      let address = try ListenAddress(parsing: text)
      #expect(address.path == path)
      #expect(address.host == nil)
      #expect(address.port == 0)
      #expect(address.description == "unix://\(path)")
    }

    @Test(arguments: [
      ("unix:", "does not start from /"), ("unix:80", "does not start from /"),
      ("unix://", "does not start from /"), ("unix://run/s", "does not start from /"),
      ("unix:run/s", "does not start from /"), ("unix:@name", "does not start from /"),
      ("unix:////run/s", "does not start from /"), ("unix:///a\nb", "control character"),
      ("unix:///a\0b", "control character"),
      ("unix:///" + String(repeating: "x", count: 107), "over 107 bytes"),
    ])
    func refused(_ text: String, _ reason: String) throws {
      let error = try #require(throws: ListenerError.self) { try ListenAddress(parsing: text) }
      #expect(error.message.contains(reason))
      #expect(error.message.hasSuffix("write host:port, [v6]:port, :port or unix:///path"))
    }

    @Test func answersAndLeavesNoFile() async throws {
      let folder = try TemporaryFolder()
      let listener = try listen(on: folder.path + "/s")
      listener.start()
      #expect(listener.boundAddresses.map(\.description) == ["unix://\(folder.path)/s"])
      let client = try RawClient(path: folder.path + "/s")
      client.send("GET /a HTTP/1.0\r\n\r\n")
      #expect(try client.receiveAnswer().text == "GET /a\n")
      await listener.shutdown(deadline: .seconds(1))
      #expect(!folder.exists("s"))
    }

    /// A path of 107 bytes is the longest that there is (unix(7)).
    @Test func theLongestPath() async throws {
      let folder = try TemporaryFolder()
      let name = String(repeating: "l", count: 107 - folder.path.utf8.count - 1)
      let listener = try listen(on: "\(folder.path)/\(name)")
      #expect(folder.exists(name))
      await listener.shutdown(deadline: .seconds(1))
      #expect(!folder.exists(name))
    }

    @Test func aFileThatADeadProcessHasLeftIsReplaced() async throws {
      let folder = try TemporaryFolder()
      // Closing a socket leaves its file behind, as a killed process does.
      close(try folder.bind("s", listens: true))
      #expect(folder.exists("s"))
      let listener = try listen(on: folder.path + "/s")
      listener.start()
      let client = try RawClient(path: folder.path + "/s")
      client.send("GET /a HTTP/1.0\r\n\r\n")
      #expect(try client.receiveAnswer().text == "GET /a\n")
      await listener.shutdown(deadline: .seconds(1))
      #expect(!folder.exists("s"))
    }

    @Test func aSocketThatSomebodyListensOnIsNot() async throws {
      let folder = try TemporaryFolder()
      let other = try folder.bind("s", listens: true)
      #expect(
        try refusal(folder.path + "/s")
          == "cannot listen on unix://\(folder.path)/s: Address already in use; another process "
          + "has the socket; stop it or choose another --web.listen-address"
      )
      // Nor where the other has a full queue and takes nobody in.
      var waiting: [RawClient] = []
      while let client = try? RawClient(path: folder.path + "/s", waits: false) {
        waiting.append(client)
      }
      #expect(!waiting.isEmpty)
      #expect(try refusal(folder.path + "/s").contains("another process has the socket"))
      #expect(folder.exists("s"))
      close(other)
      // A datagram socket in use is no stale file either.
      let datagrams = try folder.bind("t", kind: SOCK_DGRAM, listens: false)
      #expect(try refusal(folder.path + "/t").contains("another process has the socket"))
      close(datagrams)
    }

    @Test func otherFilesAreLeftAlone() throws {
      let folder = try TemporaryFolder()
      close(unsafe open(folder.path + "/f", O_CREAT | O_WRONLY, 0o600))
      #expect(try refusal(folder.path + "/f").contains("the file there is no socket"))
      #expect(folder.exists("f"))
      unsafe symlink(folder.path + "/nowhere", folder.path + "/t")
      #expect(try refusal(folder.path + "/t").contains("the file there is no socket"))
      #expect(folder.exists("t"))
      #expect(
        try refusal(folder.path + "/none/s").contains(
          "No such file or directory; the folder \(folder.path)/none/ must exist"
        )
      )
    }

    /// The file of a successor that has replaced the path is not the first one's to remove.
    @Test func onlyTheOwnFileIsRemoved() async throws {
      let folder = try TemporaryFolder()
      let listener = try listen(on: folder.path + "/s")
      unsafe unlink(folder.path + "/s")
      let successor = try folder.bind("s", listens: true)
      await listener.shutdown(deadline: .seconds(1))
      #expect(folder.exists("s"))
      close(successor)
    }

    /// What cannot be bound takes nothing along.
    @Test func aFailedStartLeavesNoFile() throws {
      let folder = try TemporaryFolder()
      #expect(throws: ListenerError.self) {
        try HTTPServer(
          addresses: [
            ListenAddress(path: folder.path + "/s"), ListenAddress(parsing: "192.0.2.1:0"),
          ],
          handler: ClosureHandler(closure: TestServer.echo),
          logger: Logger(level: .error, format: .logfmt, sink: LogCollector())
        )
      }
      #expect(!folder.exists("s"))
    }
  }
}

extension TemporaryFolder {
  fileprivate func exists(_ name: String) -> Bool {
    var status = stat()
    return unsafe lstat("\(path)/\(name)", &status) == 0
  }

  /// A socket that is bound there, and listens if asked to.
  fileprivate func bind(
    _ name: String,
    kind: __socket_type = SOCK_STREAM,
    listens: Bool
  ) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(kind.rawValue), 0)
    let address = try #require(SocketAddress(path: "\(path)/\(name)"))
    try #require(address.bind(descriptor))
    if listens { try #require(Glibc.listen(descriptor, 4) == 0) }
    return descriptor
  }
}

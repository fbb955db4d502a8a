import CLinux
import Dispatch
import Glibc
import Logging
import TestSupport
import Testing

@testable import HTTPListener

extension SocketTests {
  /// Sockets that somebody else has bound, as systemd does.
  @Suite struct InheritedSocketTests {
    private func serve(_ descriptors: [Int32]) throws -> HTTPServer {
      try HTTPServer(
        addresses: [],
        inherited: descriptors.map { InheritedSocket(descriptor: $0, name: "cx.socket") },
        handler: ClosureHandler(closure: TestServer.echo),
        logger: Logger(level: .error, format: .logfmt, sink: LogCollector())
      )
    }

    /// A blocking socket that children would inherit, bound to a free loopback port.
    private func tcp(kind: __socket_type = SOCK_STREAM, listens: Bool = true) throws -> Int32 {
      let address = try #require(
        SocketAddress.candidates(for: ListenAddress(host: "127.0.0.1", port: 0)).first
      )
      let descriptor = socket(AF_INET, Int32(kind.rawValue), 0)
      try #require(address.bind(descriptor))
      if listens { try #require(listen(descriptor, 4) == 0) }
      return descriptor
    }

    @Test func severalOfBothKinds() async throws {
      let folder = try TemporaryFolder()
      let path = folder.path + "/s"
      let unix = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      try #require(try #require(SocketAddress(path: path)).bind(unix))
      try #require(listen(unix, 4) == 0)
      let descriptors = [try tcp(), unix, try tcp()]
      let listener = try serve(descriptors)
      listener.start()
      let addresses = listener.boundAddresses
      #expect(addresses.map(\.host) == ["127.0.0.1", nil, "127.0.0.1"])
      #expect(addresses.map(\.path) == [nil, path, nil])
      for descriptor in descriptors {
        #expect(cx_fcntl_int(descriptor, F_GETFD, 0) & FD_CLOEXEC != 0)
        #expect(cx_fcntl_int(descriptor, F_GETFL, 0) & O_NONBLOCK != 0)
      }
      for address in addresses {
        let client =
          try address.path.map { try RawClient(path: $0) } ?? RawClient(port: address.port)
        client.send("GET /a HTTP/1.0\r\n\r\n")
        #expect(try client.receiveAnswer().text == "GET /a\n")
      }
      await listener.shutdown(deadline: .seconds(1))
      // The file is the manager's, which still has the socket open.
      #expect(unsafe access(folder.path + "/s", F_OK) == 0)
    }

    @Test func whatIsNoListeningStreamSocketIsRefused() throws {
      func refusal(_ descriptor: Int32) throws -> String {
        let error = try #require(throws: ListenerError.self) { try serve([descriptor]) }
        close(descriptor)
        #expect(
          error.message.hasPrefix("the socket passed as descriptor \(descriptor) (cx.socket)")
        )
        return error.message
      }
      #expect(try refusal(try tcp(listens: false)).contains("it does not listen; use Accept=no"))
      #expect(try refusal(try tcp(kind: SOCK_DGRAM, listens: false)).contains("ListenStream="))
      #expect(
        try refusal(unsafe open("/dev/null", O_RDONLY)).contains("Socket operation on non-socket")
      )
      let closed = try tcp()
      close(closed)
      let error = try #require(throws: ListenerError.self) { try serve([closed]) }
      #expect(error.message.contains("Bad file descriptor"))
    }

    /// An abstract name, which systemd writes with "@".
    @Test func anAbstractName() async throws {
      var address = sockaddr_un()
      let name = [0] + Array("cx_exporter-\(getpid())".utf8)
      let length = unsafe cx_unix_address(&address, name, name.count)
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      let status = unsafe withUnsafeBytes(of: &address) { bytes in
        unsafe bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
      }
      try #require(status == 0 && listen(descriptor, 4) == 0)
      let listener = try serve([descriptor])
      #expect(
        listener.boundAddresses.map(\.description) == ["unix://@cx_exporter-\(getpid())"]
      )
      await listener.shutdown(deadline: .seconds(1))
    }

    /// The watchdog's question: a loop that is held up is found out, and forgiven when it goes on.
    @Test func aLoopThatHangsIsNotTurning() async throws {
      let entered = DispatchSemaphore(value: 0)
      let goesOn = DispatchSemaphore(value: 0)
      let server = try TestServer { request in
        entered.signal()
        goesOn.wait()
        return TestServer.echo(request)
      }
      #expect(server.listener.isTurning())
      for _ in 0..<3 { try eventually { server.listener.isTurning() } }
      let client = try server.connect()
      client.send("GET /a HTTP/1.0\r\n\r\n")
      entered.wait()
      #expect(server.listener.isTurning())
      #expect(!server.listener.isTurning())
      #expect(!server.listener.isTurning())
      goesOn.signal()
      #expect(try client.receiveAnswer().text == "GET /a\n")
      try eventually { server.listener.isTurning() }
      await server.stop()
      _ = server.listener.isTurning()
      #expect(!server.listener.isTurning())
    }
  }
}

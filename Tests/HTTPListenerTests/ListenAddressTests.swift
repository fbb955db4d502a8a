import HTTPListener
import Logging
import Testing

extension SocketTests {
  @Suite struct ListenAddressTests {
    @Test(
      arguments: [
        (":10067", nil, 10067), ("127.0.0.1:0", "127.0.0.1", 0), ("[::1]:80", "::1", 80),
        ("localhost:65535", "localhost", 65535), ("[fe80::1%lo]:1", "fe80::1%lo", 1),
      ] as [(String, String?, UInt16)]
    )
    func parsed(_ text: String, _ host: String?, _ port: UInt16) throws {
      let address = try ListenAddress(parsing: text)
      #expect(address.host == host)
      #expect(address.port == port)
      #expect(address.description == text)
    }

    @Test(arguments: [
      "", "10067", "localhost", "localhost:", "localhost:http", "localhost:65536", "localhost:-1",
      "localhost:+1", "::1:80", "[::1]", "[]:80", "[::1:80", "::1]:80", "a b:80", "http://x:80",
    ])
    func refused(_ text: String) throws {
      let error = try #require(throws: ListenerError.self) { try ListenAddress(parsing: text) }
      #expect(error.message.contains("\"\(text)\""))
      #expect(error.message.contains("host:port"))
    }

    private func listen(on texts: String...) throws -> HTTPServer {
      try HTTPServer(
        addresses: texts.map { try ListenAddress(parsing: $0) },
        handler: ClosureHandler(closure: TestServer.echo),
        logger: Logger(level: .error, format: .logfmt, sink: LogCollector())
      )
    }

    @Test func everyInterfaceAnswersOnIPv4() async throws {
      let listener = try listen(on: ":0", "127.0.0.1:0", "localhost:0")
      listener.start()
      #expect(listener.boundAddresses.map(\.host) == [nil, "127.0.0.1", "localhost"])
      #expect(Set(listener.boundAddresses.map(\.port)).count == 3)
      for address in listener.boundAddresses {
        #expect(address.port > 0)
        let client = try RawClient(port: address.port)
        client.send("GET /a HTTP/1.0\r\n\r\n")
        #expect(try client.receiveAnswer().text == "GET /a\n")
      }
      await listener.shutdown(deadline: .seconds(1))
    }

    /// `:port` takes IPv6 as well, `[::1]` nothing else; a machine without IPv6 says so.
    @Test func everyInterfaceAnswersOnIPv6() async throws {
      guard let loopback = try? listen(on: "[::1]:0") else {
        let error = try #require(throws: ListenerError.self) { try listen(on: "[::1]:0") }
        #expect(error.message.hasPrefix("cannot listen on [::1]:0: "))
        return
      }
      loopback.start()
      let every = try listen(on: ":0")
      every.start()
      for listener in [loopback, every] {
        let client = try RawClient(port: listener.boundAddresses[0].port, isIPv6: true)
        client.send("GET /a HTTP/1.0\r\n\r\n")
        #expect(try client.receiveAnswer().text == "GET /a\n")
      }
      #expect(throws: RawClient.Failure.self) {
        try RawClient(port: loopback.boundAddresses[0].port)
      }
      await loopback.shutdown(deadline: .seconds(1))
      await every.shutdown(deadline: .seconds(1))
    }

    @Test func errorsNameAddressAndReason() async throws {
      let first = try listen(on: "127.0.0.1:0")
      let port = first.boundAddresses[0].port
      let inUse = try #require(throws: ListenerError.self) { try listen(on: "127.0.0.1:\(port)") }
      #expect(
        inUse.message.hasPrefix("cannot listen on 127.0.0.1:\(port): Address already in use; ")
      )
      #expect(inUse.message.contains("--web.listen-address"))
      // TEST-NET-1 (RFC 5737) belongs to no machine.
      let foreign = try #require(throws: ListenerError.self) { try listen(on: "192.0.2.1:0") }
      #expect(foreign.message.contains("192.0.2.1:0: Cannot assign requested address; "))
      let unknown = try #require(throws: ListenerError.self) { try listen(on: "nothing.invalid:0") }
      #expect(unknown.message.hasPrefix("cannot listen on nothing.invalid:0: "))
      await first.shutdown(deadline: .seconds(1))
      // The port is free again, and the failure left nothing bound.
      let again = try listen(on: "127.0.0.1:\(port)")
      await again.shutdown(deadline: .seconds(1))
    }

    @Test func allAddressesOrNone() async throws {
      let first = try listen(on: "127.0.0.1:0")
      let taken = first.boundAddresses[0].port
      let free = try listen(on: "127.0.0.1:0")
      let port = free.boundAddresses[0].port
      await free.shutdown(deadline: .seconds(1))
      #expect(throws: ListenerError.self) {
        try listen(on: "127.0.0.1:\(port)", "127.0.0.1:\(taken)")
      }
      #expect(throws: RawClient.Failure.self) { try RawClient(port: port) }
      await first.shutdown(deadline: .seconds(1))
    }
  }
}

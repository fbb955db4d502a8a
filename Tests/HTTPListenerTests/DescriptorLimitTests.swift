import CLinux
import Glibc
import HTTPListener
import Testing

extension SocketTests {
  @Suite struct DescriptorLimitTests {
    /// Runs in a process of its own, since the limit of open files is the process's.
    @Test func listenerOutlivesTheLastDescriptor() async {
      await #expect(processExitsWith: .success) {
        let server = try TestServer()
        var limit = rlimit(rlim_cur: 64, rlim_max: 64)
        try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        // Client and server share the limit: the last ones connect and cannot be accepted.
        var clients: [RawClient] = []
        while let client = try? server.connect() { clients.append(client) }
        try #require(clients.count > 10)
        try eventually { !server.log.lines.isEmpty || server.refusals.statuses.contains(503) }
        // Whoever was accepted is still served.
        clients[0].send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        try #require(try clients[0].receiveAnswer().status == 200)
        clients.removeSubrange(1...)
        try eventually { server.listener.connectionCount == 1 }
        let late = try server.connect()
        late.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        try #require(try late.receiveAnswer().status == 200)
        let warnings = server.log.lines.filter { $0.contains("no room for another connection") }
        try #require(warnings.count == 1)
        await server.stop()
      }
    }
  }
}

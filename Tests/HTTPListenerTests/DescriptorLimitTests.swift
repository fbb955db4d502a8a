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
        let served = try server.connect()
        served.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        try #require(try served.receiveAnswer().status == 200)
        var limit = rlimit(rlim_cur: 64, rlim_max: 64)
        try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        var fillers: [Int32] = []
        while case let filler = dup(served.descriptor), filler >= 0 { fillers.append(filler) }
        try #require(fillers.count > 10)
        // The one descriptor that is left goes to the client: the server has none to accept it.
        close(fillers.removeLast())
        for _ in 0..<3 {
          let client = try server.connect()
          let answer = try client.receiveAnswer()
          try #require(answer.status == 503)
          try #require(answer.field("connection") == "close")
          try #require(try client.isAtEnd())
        }
        // Whoever was accepted is still served.
        served.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        try #require(try served.receiveAnswer().status == 200)
        for filler in fillers { close(filler) }
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

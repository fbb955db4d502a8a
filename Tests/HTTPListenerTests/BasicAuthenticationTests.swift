import HTTPListener
import Logging
import Testing

/// RFC 7617 over a real socket, with bcrypt hashes.
@Suite(.serialized)
struct BasicAuthenticationTests {
  @Test(arguments: [
    ("/", nil, 401),
    ("/-/healthy", nil, 200),
    ("/", "Basic cHJvbTpVKlU=", 200),
    ("/", "basic  cHJvbTpVKlU=", 200),
    // A wrong password, another user, an empty password.
    ("/", "Basic cHJvbTp3cm9uZw==", 401),
    ("/", "Basic b3RoZXI6VSpV", 401),
    ("/", "Basic cHJvbTo=", 401),
    // No base64, no colon, no padding, nothing, another scheme.
    ("/", "Basic %%%", 401),
    ("/", "Basic cHJvbQ==", 401),
    ("/", "Basic cHJvbTpVKlU", 401),
    ("/", "Basic", 401),
    ("/", "Bearer cHJvbTpVKlU=", 401),
  ])
  func whoMayPass(_ path: String, _ field: String?, _ status: Int) async throws {
    // A vector of Openwall's crypt_blowfish: "U*U".
    let text = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
    let hash = try #require(PasswordHash(text))
    let guarded = BasicAuthentication(
      before: ClosureHandler(closure: TestServer.echo),
      exempt: ["/-/healthy"],
      users: { ["prom": hash] }
    )
    let server = try TestServer { guarded.answer($0) }
    let client = try server.connect()
    let line = field.map { "Authorization: \($0)\r\n" } ?? ""
    // Twice: the second time the credentials are remembered.
    for _ in 0..<2 {
      client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\(line)\r\n")
      let answer = try client.receiveAnswer()
      #expect(answer.status == status)
      #expect((answer.field("www-authenticate")?.hasPrefix("Basic ") ?? false) == (status == 401))
    }
    await server.stop()
  }

  @Test(arguments: [
    "", "secret", "$1$abcdefgh$", "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    "$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
    "$2a$05$CCCCCCCCCCCCCCCCCCCCC:E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
  ])
  func whatIsNoHash(_ text: String) {
    #expect(PasswordHash(text) == nil)
  }
}

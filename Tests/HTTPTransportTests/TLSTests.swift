import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(2)), .serialized)
final class TLSTests {
  static let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecure".utf8)

  /// Has issued a certificate for 127.0.0.1, one for api.example.test and a client's.
  private let authority: TestAuthority

  init() throws {
    authority = try TestAuthority()
    try authority.issue("address", for: "IP:127.0.0.1")
    try authority.issue("name", for: "DNS:api.example.test")
    try authority.issue("client", for: "DNS:client")
  }

  /// Sends one GET to an s_server with those options.
  private func exchange(
    _ options: [String],
    certificate: String = "address",
    url: String = "/",
    _ change: (inout ConnectionOptions) -> Void
  ) async throws -> (outcome: Result<HTTPClientResponse, TransportError>, server: String) {
    let server = try TLSServer(
      ["-cert", authority.certificate(certificate), "-key", authority.key(certificate)] + options
    )
    let answering = try server.answer(after: "\r\n\r\n", TLSTests.answer)
    let client = try makeClient()
    var connection = ConnectionOptions()
    connection.caFile = authority.caFile
    change(&connection)
    let outcome: Result<HTTPClientResponse, TransportError>
    do throws(TransportError) {
      outcome = .success(try await client.send(get(server.url + url, connection: connection)))
    } catch {
      outcome = .failure(error)
    }
    client.shutdown()
    server.stop()
    answering.join()
    return (outcome, server.text)
  }

  @Test func trustsConfiguredAuthority() async throws {
    let (outcome, _) = try await exchange([]) { _ in }
    #expect(try outcome.get().body == Array("secure".utf8))
  }

  @Test func refusesUnknownAuthority() async throws {
    let (outcome, text) = try await exchange([]) { $0.caFile = nil }
    let error = try #require(throws: TransportError.self) { try outcome.get() }
    #expect(error.code == .tls)
    #expect(error.message.hasPrefix("TLS with 127.0.0.1:"), "\(error.message)")
    #expect(!text.contains("GET /"))
  }

  /// A configured authority stands instead of the system's, not beside them.
  @Test func refusesOtherAuthority() async throws {
    let other = try TestAuthority()
    let (outcome, _) = try await exchange([]) { $0.caFile = other.caFile }
    withExtendedLifetime(other) {}
    #expect(try #require(throws: TransportError.self) { try outcome.get() }.code == .tls)
  }

  @Test func acceptsAnythingWhereVerificationIsOff() async throws {
    let (outcome, _) = try await exchange([], certificate: "name") { options in
      options.caFile = nil
      options.skipsVerification = true
    }
    #expect(try outcome.get().status == 200)
  }

  @Test func refusesWrongName() async throws {
    let (outcome, _) = try await exchange([], certificate: "name") { _ in }
    let error = try #require(throws: TransportError.self) { try outcome.get() }
    #expect(error.code == .tls)
    #expect(error.message.contains("127.0.0.1"), "\(error.message)")
  }

  /// The server name is asked for (SNI selects the second certificate) and verified, while the
  /// Host field keeps the URL's authority.
  @Test func verifiesServerName() async throws {
    let (outcome, text) = try await exchange(
      [
        "-servername", "api.example.test", "-cert2", authority.certificate("name"), "-key2",
        authority.key("name"),
      ],
      url: "/v2/a?b=c"
    ) { $0.serverName = "api.example.test" }
    #expect(try outcome.get().status == 200)
    #expect(text.contains("GET /v2/a?b=c HTTP/1.1\r\nHost: 127.0.0.1:"), "\(text)")
  }

  @Test func refusesCertificateWithoutServerName() async throws {
    let (outcome, _) = try await exchange([]) { $0.serverName = "api.example.test" }
    let error = try #require(throws: TransportError.self) { try outcome.get() }
    #expect(error.code == .tls)
    #expect(error.message.contains("api.example.test"), "\(error.message)")
  }

  @Test(arguments: [
    (ConnectionOptions.TLSVersion.tls12, true), (.tls13, false),
  ])
  func keepsMinimumVersion(_ version: ConnectionOptions.TLSVersion, _ succeeds: Bool) async throws {
    let (outcome, _) = try await exchange(["-tls1_2"]) { $0.minimumTLSVersion = version }
    if succeeds {
      #expect(try outcome.get().status == 200)
    } else {
      #expect(try #require(throws: TransportError.self) { try outcome.get() }.code == .tls)
    }
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func showsClientCertificate(_ version: String) async throws {
    let options = [version, "-Verify", "1", "-verify_return_error", "-CAfile", authority.caFile]
    let (with, _) = try await exchange(options) { connection in
      connection.certificateFile = authority.certificate("client")
      connection.keyFile = authority.key("client")
    }
    #expect(try with.get().status == 200)
    let (without, _) = try await exchange(options) { _ in }
    let error = try #require(throws: TransportError.self) { try without.get() }
    #expect(error.code == .tls, "\(error.message)")
  }

  @Test func tellsCertificateThatIsNone() async throws {
    let (outcome, _) = try await exchange([]) { connection in
      connection.certificateFile = authority.key("client")
      connection.keyFile = authority.key("client")
    }
    #expect(try #require(throws: TransportError.self) { try outcome.get() }.code == .tls)
  }

  /// What differs between two requests to the same server, and whether they share a connection.
  enum Difference: CaseIterable {
    case nothing, verification, authority, clientCertificate, minimumVersion, serverName

    func apply(to options: inout ConnectionOptions, _ authority: TestAuthority) {
      switch self {
      case .nothing: break
      case .verification: options.skipsVerification = false
      case .authority: options.caFile = authority.certificate("address")
      case .clientCertificate:
        options.certificateFile = authority.certificate("client")
        options.keyFile = authority.key("client")
      case .minimumVersion: options.minimumTLSVersion = .tls13
      case .serverName: options.serverName = "api.example.test"
      }
    }
  }

  /// A connection whose certificate was not verified, for one, must not serve a request that
  /// wants it to be.
  @Test(arguments: Difference.allCases)
  func sharesNoConnectionBetweenOptions(_ difference: Difference) async throws {
    let server = try TLSServer(
      ["-cert", authority.certificate("name"), "-key", authority.key("name")]
    )
    let answering = try server.answer(after: "\r\n\r\n", TLSTests.answer)
    let client = try makeClient()
    var options = ConnectionOptions()
    options.skipsVerification = true
    let first = try await client.send(get(server.url + "/first", connection: options))
    difference.apply(to: &options, authority)
    // s_server serves one connection at a time and its answer is spent: a connection of its own
    // waits in vain, a shared one shows the request to the server.
    let error = try await failure(
      of: get(server.url + "/second", timeout: .milliseconds(400), connection: options),
      with: client
    )
    client.shutdown()
    server.stop()
    answering.join()
    #expect(first.status == 200)
    #expect(error.code == .timeout)
    #expect(server.text.contains("GET /first "))
    #expect(server.text.contains("GET /second ") == (difference == .nothing))
  }

  /// A server that chose h2 (RFC 7301) answers with bare frames (RFC 9113, section 4.1).
  @Test func speaksHTTP2WhereOffered() async throws {
    let server = try TLSServer(
      ["-cert", authority.certificate("address"), "-key", authority.key("address"), "-alpn", "h2"]
    )
    let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
    let acknowledgement: [UInt8] = [0, 0, 0, 4, 1, 0, 0, 0, 0]
    // HPACK: 0x88 is the static table's `:status: 200`; then the literal field x-a: b.
    let fields: [UInt8] = [0x88, 0x00, 3] + Array("x-a".utf8) + [1] + Array("b".utf8)
    let headers: [UInt8] = [0, 0, UInt8(fields.count), 1, 4, 0, 0, 0, 1] + fields
    let data: [UInt8] = [0, 0, 6, 0, 1, 0, 0, 0, 1] + Array("secure".utf8)
    let answering = try server.answer(
      after: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      settings + acknowledgement + headers + data
    )
    let client = try makeClient()
    var connection = ConnectionOptions()
    connection.caFile = authority.caFile
    let outcome: Result<HTTPClientResponse, TransportError>
    do throws(TransportError) {
      outcome = .success(try await client.send(get(server.url, connection: connection)))
    } catch {
      outcome = .failure(error)
    }
    client.shutdown()
    server.stop()
    answering.join()
    let answer = try outcome.get()
    #expect(answer.status == 200)
    #expect(answer.fields == [HTTPField("x-a", "b")])
    #expect(answer.body == Array("secure".utf8))
  }
}

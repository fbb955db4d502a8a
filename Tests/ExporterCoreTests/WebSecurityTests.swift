import Glibc
import HTTPListener
import Logging
import TestSupport
import Testing

@testable import ExporterCore

/// The listener as the file says, with `openssl s_client` as the peer.
@Suite(.serialized)
struct WebSecurityTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let request =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 2>&1"
    for name in ["server", "other", "ca"] {
      try shell("\(request) -subj /CN=\(name) -keyout \(name).key -out \(name).pem")
    }
    try shell(
      "\(request) -subj /CN=client -addext subjectAltName=DNS:client.example.com "
        + "-addext basicConstraints=CA:FALSE -CA ca.pem -CAkey ca.key -keyout client.key "
        + "-out client.pem"
    )
  }

  /// Runs a command in the folder and returns what it prints.
  @discardableResult
  private func shell(_ command: String) throws -> String {
    let pipe = try unsafe #require(unsafe popen("cd \(folder.path) && \(command)", "r"))
    defer { unsafe pclose(pipe) }
    var text: [UInt8] = []
    var byte = unsafe getc(pipe)
    while byte >= 0 {
      text.append(UInt8(byte))
      byte = unsafe getc(pipe)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private func write(_ more: String) throws {
    try shell(
      "printf '%s' 'tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n\(more)' "
        + "> web.yml"
    )
  }

  private func serve(_ log: LogRecorder = LogRecorder()) throws -> HTTPServer {
    let security = try WebSecurity(path: folder.path + "/web.yml", log: log.logger, interval: .zero)
    let router = HTTPRouter(routes: [Route("GET", "/") { _ in .response(.text(200, "served")) }])
    let listener = try HTTPServer(
      addresses: [ListenAddress(host: "127.0.0.1", port: 0)],
      handler: security.guarding(router, observer: HTTPStatistics(handlers: [])),
      logger: log.logger,
      security: security
    )
    listener.start()
    return listener
  }

  /// What a client with these options gets.
  private func ask(_ listener: HTTPServer, _ options: String = "") throws -> String {
    let port = listener.boundAddresses[0].port
    return try shell(
      "printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n' | timeout 10 "
        + "openssl s_client -connect 127.0.0.1:\(port) -ign_eof \(options) 2>&1"
    )
  }

  @Test(arguments: [
    // RFC 8996 and RFC 7465: old versions and weak suites are refused by default.
    ("", "-tls1_2", true), ("", "-tls1_3", true),
    ("", "-tls1_1 -cipher ALL:@SECLEVEL=0", false),
    ("", "-tls1_2 -cipher AES128-SHA:ECDHE-ECDSA-AES128-SHA", false),
    ("  min_version: TLS13\n", "-tls1_2", false),
    ("  max_version: TLS12\n", "-tls1_3", false),
    ("  min_version: TLS10\n", "-tls1 -cipher ALL:@SECLEVEL=0", true),
    ("  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA]\n", "-tls1_2", true),
    ("  cipher_suites: [TLS_AES_128_GCM_SHA256]\n", "-tls1_2", false),
    ("  curve_preferences: [CurveP384]\n", "-groups X25519", false),
    ("  curve_preferences: [CurveP384]\n", "-groups P-384", true),
    ("  client_auth_type: RequestClientCert\n", "", true),
    ("  client_auth_type: RequireAnyClientCert\n", "", false),
    ("  client_auth_type: RequireAnyClientCert\n", "-cert other.pem -key other.key", true),
    ("  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: ca.pem\n", "", true),
    (
      "  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: ca.pem\n",
      "-cert other.pem -key other.key", false
    ),
    ("  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n", "", false),
    (
      "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n",
      "-cert client.pem -key client.key", true
    ),
    (
      "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n"
        + "  client_allowed_sans: [client.example.com]\n",
      "-cert client.pem -key client.key", true
    ),
    (
      "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n"
        + "  client_allowed_sans: [other.example.com]\n",
      "-cert client.pem -key client.key", false
    ),
  ])
  func whoIsServed(_ settings: String, _ options: String, _ isServed: Bool) async throws {
    try write(settings)
    let listener = try serve()
    let answer = try ask(listener, options)
    #expect(answer.contains("HTTP/1.1 200 OK") == isServed, "\(answer)")
    await listener.shutdown(deadline: .milliseconds(100))
  }

  @Test
  func changedFilesCountAndBrokenOnesDoNot() async throws {
    try write("")
    let log = LogRecorder()
    let listener = try serve(log)
    #expect(try ask(listener).contains("CN = server"))
    try shell("cp other.key server.key; cp other.pem server.pem")
    #expect(try ask(listener).contains("CN = other"))
    try shell("echo broken > server.pem")
    #expect(try ask(listener).contains("CN = other"))
    #expect(try ask(listener).contains("CN = other"))
    // One broken state, one line.
    #expect(log.lines.count { $0.contains("the old one stays in force") } == 1, "\(log.lines)")
    await listener.shutdown(deadline: .milliseconds(100))
  }

  /// Python's client asks, has the certificate changed, asks again on the same connection, and
  /// then on another, whose certificate it prints a part of; the answer is larger than a record.
  @Test
  func aConnectionOutlivesItsCertificate() async throws {
    try write("")
    let security = try WebSecurity(
      path: folder.path + "/web.yml",
      log: LogRecorder().logger,
      interval: .zero
    )
    let segment = [UInt8](repeating: 0x61, count: 100_003)
    let router = HTTPRouter(routes: [
      Route("GET", "/") { _ in .response(HTTPResponse(status: 200, body: [segment, [], segment])) }
    ])
    let listener = try HTTPServer(
      addresses: [ListenAddress(host: "127.0.0.1", port: 0)],
      handler: router,
      logger: LogRecorder().logger,
      security: security
    )
    listener.start()
    let script = """
      import http.client, shutil, ssl
      context = ssl._create_unverified_context()
      def connect():
          return http.client.HTTPSConnection("127.0.0.1", \(listener.boundAddresses[0].port),
                                             context=context, timeout=10)
      def ask(connection):
          connection.request("GET", "/")
          return connection.getresponse().read() == b"a" * 200006
      def is_other(connection):
          der = connection.sock.getpeercert(True)
          return ssl.DER_cert_to_PEM_cert(der) == open("other.pem").read()
      kept = connect()
      print(ask(kept))
      shutil.copy("other.key", "server.key")
      shutil.copy("other.pem", "server.pem")
      socket = kept.sock
      new = connect()
      print(ask(new), is_other(new))
      print(ask(kept), kept.sock is socket, is_other(kept))
      """
    try shell("cat > ask.py <<'END'\n\(script)\nEND")
    let said = try shell("timeout 30 python3 ask.py 2>&1")
    #expect(said == "True\nTrue True\nTrue True False\n")
    await listener.shutdown(deadline: .milliseconds(100))
  }

  @Test
  func plainHTTPIsToldSo() async throws {
    try write("")
    let listener = try serve()
    let client = LoopbackClient(port: listener.boundAddresses[0].port)
    let port = client.port
    let answer = try shell("curl -sS --noproxy '*' -m 10 -i http://127.0.0.1:\(port)/ 2>&1")
    #expect(answer.contains("400 Bad Request") && answer.contains("HTTPS server"), "\(answer)")
    await listener.shutdown(deadline: .milliseconds(100))
  }
}

import Glibc

/// A request that was checked and is written the way libcurl takes it.
struct PreparedRequest: Sendable {
  /// Host and port, the place every message names.
  let endpoint: String
  /// The URL for libcurl; its host is the TLS server name where one is set.
  let url: String
  /// libcurl's `::host:port`: where to connect to in place of the URL's host.
  let connectTo: String?
  /// Fields in libcurl's form.
  let fieldLines: [String]
  /// nil for a GET.
  let body: [UInt8]?
  let timeoutMilliseconds: Int
  let maxResponseSize: Int
  let proxy: ProxyServer?
  let connection: ConnectionOptions
  /// Whether no idle connection may be used.
  var needsFreshConnection: Bool
  /// Whether libcurl may not send it a second time.
  let isSentOnce: Bool

  /// Checks everything that can be wrong before a byte is sent.
  ///
  /// - Throws: `TransportError` with `.invalidRequest`.
  init(_ request: HTTPClientRequest, userAgent: String) throws(TransportError) {
    let parsed = try PreparedRequest.parse(request.url)
    endpoint = "\(parsed.host):\(parsed.port)"
    connection = request.connection
    needsFreshConnection = request.needsFreshConnection
    isSentOnce = request.isSentOnce
    maxResponseSize = max(0, request.maxResponseSize)
    timeoutMilliseconds = PreparedRequest.milliseconds(request.timeout)
    try PreparedRequest.checkFiles(request.connection)

    switch (request.method, request.body) {
    case ("GET", nil): body = nil
    case ("POST", let body): self.body = body ?? []
    case ("GET", .some): throw PreparedRequest.invalid("a GET to \(endpoint) has a body")
    default: throw PreparedRequest.invalid("a method to \(endpoint) is neither GET nor POST")
    }

    // nil keeps libcurl from sending a field of its own.
    var defaults: [(String, String?)] = [
      ("User-Agent", userAgent), ("Accept-Encoding", ContentDecoder.accepted), ("Expect", nil),
      ("Content-Type", nil),
    ]
    if parsed.scheme == "https", let serverName = request.connection.serverName {
      // libcurl verifies the URL's host: it gets the server name, and the connection is led to
      // the real host, whose name goes into the Host field.
      url = try PreparedRequest.url(request.url, for: serverName)
      connectTo = "::\(endpoint)"
      defaults.append(("Host", parsed.hasPort ? endpoint : parsed.host))
    } else {
      url = request.url
      connectTo = nil
    }
    fieldLines = try PreparedRequest.lines(request.fields, defaults: defaults)

    let bypass = ProxyBypass(request.connection.noProxy ?? "")
    if let proxyURL = request.connection.proxyURL,
      !bypass.covers(host: parsed.host, port: parsed.port)
    {
      proxy = try ProxyServer(proxyURL)
    } else {
      proxy = nil
    }
  }

  /// Whether the connection's first bytes belong to TLS.
  var isEncrypted: Bool {
    url.lowercased().hasPrefix("https:") || proxy?.url.hasPrefix("https:") ?? false
  }

  private static func invalid(_ message: String) -> TransportError {
    TransportError(code: .invalidRequest, message: message)
  }

  private static func parse(_ text: String) throws(TransportError) -> ParsedURL {
    let parsed: ParsedURL
    switch ParsedURL.parse(text) {
    case .success(let url): parsed = url
    case .failure(let malformed):
      throw invalid("the request's URL is malformed: \(malformed.reason)")
    }
    guard ["http", "https"].contains(parsed.scheme) else {
      throw invalid("the URL of \(parsed.host) has the scheme \(parsed.scheme); use https or http")
    }
    guard parsed.user == nil, parsed.password == nil else {
      throw invalid("the URL of \(parsed.host) holds a user or password; take them out")
    }
    return parsed
  }

  private static func url(_ text: String, for serverName: String) throws(TransportError) -> String {
    let isHost =
      !serverName.isEmpty
      && serverName.utf8.allSatisfy { byte in
        HTTPFieldSyntax.isName(String(UnicodeScalar(byte))) && !"!#$%&'*+^`|~".utf8.contains(byte)
      }
    guard isHost, let url = ParsedURL.replacingHost(of: text, with: serverName) else {
      throw invalid("the TLS server name is not a host name")
    }
    return url
  }

  /// At least one millisecond, for libcurl takes 0 for no limit, and no more than it accepts.
  private static func milliseconds(_ timeout: Duration) -> Int {
    let (seconds, attoseconds) = timeout.components
    guard seconds < 2_000_000 else { return 2_000_000_000 }
    guard seconds >= 0 else { return 1 }
    return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
  }

  /// A missing file is told here by name; libcurl would call it a TLS failure.
  private static func checkFiles(_ options: ConnectionOptions) throws(TransportError) {
    if options.keyFile != nil, options.certificateFile == nil {
      throw invalid("the TLS key file has no certificate file; set both")
    }
    let files = [
      ("CA file", options.caFile), ("certificate file", options.certificateFile),
      ("key file", options.keyFile),
    ]
    for case (let what, let path?) in files {
      guard !path.isEmpty, !path.utf8.contains(0) else {
        throw invalid("the path of the TLS \(what) is empty or holds a NUL")
      }
      if unsafe access(path, R_OK) != 0 {
        let reason = SystemError.text(of: errno)
        throw invalid("cannot read the TLS \(what) \(path): \(reason)")
      }
    }
  }

  /// Fields as libcurl wants them: `Name: value`, `Name;` for an empty value, `Name:` for none.
  private static func lines(
    _ fields: [HTTPField],
    defaults: [(name: String, value: String?)]
  ) throws(TransportError) -> [String] {
    var lines: [String] = []
    var given: Set<String> = []
    for field in fields {
      guard HTTPFieldSyntax.isName(field.name) else {
        throw invalid("a request field's name is not a token (RFC 9110, section 5.1)")
      }
      let name = field.name.lowercased()
      guard HTTPFieldSyntax.isValue(field.value) else {
        throw invalid("the value of the request field \(field.name) holds a control character")
      }
      guard !["content-length", "transfer-encoding"].contains(name) else {
        throw invalid("the request field \(field.name) is the client's business; take it out")
      }
      given.insert(name)
      let value = HTTPFieldSyntax.trimmed(field.value)
      lines.append(value.isEmpty ? "\(field.name);" : "\(field.name): \(value)")
    }
    for (name, value) in defaults where !given.contains(name.lowercased()) {
      if let value {
        lines.append("\(name): \(value)")
      } else {
        lines.append("\(name):")
      }
    }
    return lines
  }
}

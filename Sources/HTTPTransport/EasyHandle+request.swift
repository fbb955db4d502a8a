import CCurl

extension EasyHandle {
  /// An idle connection older than this is closed rather than used: servers drop theirs at 120 s.
  private static let longestIdle = 118
  /// No connection lives longer, so that a vendor's moved address and renewed files are noticed.
  private static let longestLife = 900

  /// Sets every option of one request.
  func apply(_ request: PreparedRequest) throws(TransportError) {
    unsafe try check(cx_curl_allow_http_only(pointer))
    unsafe try check(cx_curl_leave_resolver_behind(pointer))
    try set(CURLOPT_NOSIGNAL, true)
    try set(CURLOPT_URL, request.url)
    try set(CURLOPT_PATH_AS_IS, true)
    try set(CURLOPT_FOLLOWLOCATION, false)
    try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
    // libcurl refuses a gzip body of more than one member: `ContentDecoder` reads it.
    try set(CURLOPT_HTTP_CONTENT_DECODING, false)
    try set(CURLOPT_HTTPHEADER, request.fieldLines)
    try set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    if let body = request.body {
      try setBody(body)
    } else {
      try set(CURLOPT_HTTPGET, true)
    }
    try set(CURLOPT_TIMEOUT_MS, request.timeoutMilliseconds)
    try set(CURLOPT_CONNECTTIMEOUT_MS, request.timeoutMilliseconds)
    // 0 would mean no limit; the collector counts what is really received in any case.
    try setSize(CURLOPT_MAXFILESIZE_LARGE, max(1, request.maxResponseSize))
    try set(CURLOPT_TCP_KEEPALIVE, true)
    try set(CURLOPT_MAXAGE_CONN, EasyHandle.longestIdle)
    try set(CURLOPT_MAXLIFETIME_CONN, EasyHandle.longestLife)
    try set(CURLOPT_FRESH_CONNECT, request.needsFreshConnection)
    if let connectTo = request.connectTo {
      try set(CURLOPT_CONNECT_TO, [connectTo])
    }
    try apply(request.proxy)
    try apply(tls: request.connection)
  }

  /// An empty text, unlike none, keeps libcurl from asking the environment.
  private func apply(_ proxy: ProxyServer?) throws(TransportError) {
    try set(CURLOPT_PROXY, proxy?.url ?? "")
    try set(CURLOPT_NOPROXY, "")
    if let credentials = proxy?.credentials {
      try set(CURLOPT_PROXYUSERNAME, credentials.user)
      try set(CURLOPT_PROXYPASSWORD, credentials.password)
    }
  }

  /// The same rules for the vendor and for a proxy that is reached by TLS.
  private func apply(tls options: ConnectionOptions) throws(TransportError) {
    let version = EasyHandle.number(of: options.minimumTLSVersion)
    try set(CURLOPT_SSLVERSION, version)
    try set(CURLOPT_PROXY_SSLVERSION, version)
    if options.skipsVerification {
      for option in [CURLOPT_SSL_VERIFYPEER, CURLOPT_PROXY_SSL_VERIFYPEER] {
        try set(option, false)
      }
      for option in [CURLOPT_SSL_VERIFYHOST, CURLOPT_PROXY_SSL_VERIFYHOST] {
        try set(option, false)
      }
    }
    if let caFile = options.caFile {
      // The folder is taken away as well: Debian's libcurl would go on trusting the system's.
      try set(CURLOPT_CAINFO, caFile)
      try set(CURLOPT_CAPATH, nil)
      try set(CURLOPT_PROXY_CAINFO, caFile)
      try set(CURLOPT_PROXY_CAPATH, nil)
    }
    if let certificateFile = options.certificateFile {
      try set(CURLOPT_SSLCERT, certificateFile)
      try set(CURLOPT_SSLKEY, options.keyFile ?? certificateFile)
      // With no pass phrase at all OpenSSL would ask for one on the terminal.
      try set(CURLOPT_KEYPASSWD, "")
    }
  }

  private static func number(of version: ConnectionOptions.TLSVersion) -> Int {
    switch version {
    case .tls10: CURL_SSLVERSION_TLSv1_0
    case .tls11: CURL_SSLVERSION_TLSv1_1
    case .tls12: CURL_SSLVERSION_TLSv1_2
    case .tls13: CURL_SSLVERSION_TLSv1_3
    }
  }
}

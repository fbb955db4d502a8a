import CCurl

/// What is known of a transfer that failed, and how it is told.
struct TransferFailure {
  let code: CURLcode
  /// libcurl's words beyond the code's.
  let detail: String
  /// `errno` of the last connect that failed, or 0.
  let systemError: Int32
  /// The status of the proxy's last answer to CONNECT, or 0.
  let proxyStatus: Int
  let isConnected: Bool
  /// Whether the request was handed to a connection.
  let hasBegun: Bool
  /// Whether the connection was one that an earlier request had used.
  let isReused: Bool
  /// Whether the server sent something before the request.
  let isStale: Bool
  /// Set where the collector ended the transfer.
  let refusal: ResponseCollector.Refusal?
  let receivedBytes: Int

  /// The error for whoever sent the request.
  func error(for request: PreparedRequest) -> TransportError {
    let kind = kind
    var error = TransportError(code: kind, message: message(kind, request))
    // What is not HTTP is an answer, though libcurl hands none of its bytes over; on a connection that
    // was used before it may be what nobody asked for.
    let isNotHTTP = code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY
    error.isUnanswered =
      kind == .connection && hasBegun && receivedBytes == 0 && (isReused || !isNotHTTP)
    return error
  }

  private var kind: TransportError.Code {
    if refusal != nil { return .tooLarge }
    return switch code {
    case CURLE_OPERATION_TIMEDOUT:
      .timeout
    case CURLE_FILESIZE_EXCEEDED:
      .tooLarge
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE,
      CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
      CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT,
      CURLE_USE_SSL_FAILED:
      .tls
    case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_FAILED_INIT,
      CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION:
      .invalidRequest
    case CURLE_RECV_ERROR where isAlert, CURLE_SEND_ERROR where isAlert:
      .tls
    default:
      // A single line without end makes libcurl itself give up, in words that differ by version.
      isEndlessLine ? .tooLarge : .connection
    }
  }

  /// libcurl stops at 100 KB: CURLE_OUT_OF_MEMORY up to 8.5, CURLE_TOO_LARGE (100) since.
  private var isEndlessLine: Bool {
    (code == CURLE_OUT_OF_MEMORY || code.rawValue == 100) && isConnected
  }

  /// TLS 1.3 servers refuse a client certificate after the handshake, so that it is a read that
  /// fails (RFC 8446, section 4.4.2.4).
  private var isAlert: Bool {
    detail.hasPrefix("OpenSSL SSL_") && detail.contains(" alert ")
  }

  private func message(_ kind: TransportError.Code, _ request: PreparedRequest) -> String {
    let endpoint = request.endpoint
    switch kind {
    case .tooLarge where refusal == .fields || isEndlessLine:
      return "the header of the answer from \(endpoint) is larger than "
        + "\(ResponseCollector.maxFieldBytes) bytes"
    case .tooLarge:
      return "the answer from \(endpoint) is larger than \(request.maxResponseSize) bytes; "
        + "raise max_response_size if that is expected"
    case .timeout:
      let limit = "\(Double(request.timeoutMilliseconds) / 1000) s"
      if !isConnected { return "cannot connect to \(endpoint) within \(limit)" }
      if !hasBegun {
        let step = request.isEncrypted ? "the TLS handshake with" : "the way to"
        return "\(step) \(endpoint) was not complete within \(limit)"
      }
      if receivedBytes == 0 { return "no answer from \(endpoint) within \(limit)" }
      return "no complete answer from \(endpoint) within \(limit): \(receivedBytes) bytes came"
    case .tls:
      return "TLS with \(endpoint) failed: \(reason)"
    case .invalidRequest:
      return "libcurl cannot send the request to \(endpoint): \(reason)"
    case .cancelled:
      return "the request to \(endpoint) was cancelled"
    case .connection:
      return connectionMessage(request)
    }
  }

  private func connectionMessage(_ request: PreparedRequest) -> String {
    let endpoint = request.endpoint
    let way = request.proxy.map { " through the proxy \($0.endpoint)" } ?? ""
    if isStale {
      return
        "\(endpoint)\(way) closed the connection, or sent something before it was asked, which is the "
        + "answer to no request"
    }
    if !hasBegun, proxyStatus >= 300, let proxy = request.proxy {
      let advice =
        proxyStatus == 407
        ? "it wants a user and password: put them into proxy_url" : "ask who runs the proxy"
      return "the proxy \(proxy.endpoint) refused the way to \(endpoint) with HTTP \(proxyStatus); "
        + advice
    }
    switch code {
    case CURLE_COULDNT_CONNECT:
      let words = systemError == 0 ? reason : SystemError.text(of: systemError)
      return "cannot connect to \(endpoint)\(way): \(words)"
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      return "cannot connect to \(endpoint)\(way): \(reason)"
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
      return "the answer from \(endpoint)\(way) is not HTTP: \(reason)"
    case CURLE_GOT_NOTHING where receivedBytes == 0, CURLE_ABORTED_BY_CALLBACK:
      return "the connection to \(endpoint)\(way) failed: it ended before any byte of an answer"
    default:
      return "the connection to \(endpoint)\(way) failed: \(reason)"
    }
  }

  /// One line of libcurl's words; a certificate's names in it are the other side's to choose.
  private var reason: String {
    let text = detail.isEmpty ? CurlLibrary.text(of: code) : detail
    let scalars = text.unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control ? " " : Character(scalar)
    }
    return HTTPFieldSyntax.trimmed(String(scalars))
  }
}

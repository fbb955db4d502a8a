import CCurl

/// A URL taken apart by libcurl's own parser, so that what is checked is what is connected to.
struct ParsedURL {
  let scheme: String
  /// An IPv6 address keeps its brackets.
  let host: String
  let port: Int
  /// Whether the port was written out.
  let hasPort: Bool
  let user: String?
  let password: String?

  /// Takes an absolute URL apart.
  ///
  /// - Returns: Its parts, or why the text is no absolute URL.
  static func parse(_ text: String) -> Result<ParsedURL, Malformed> {
    guard HTTPFieldSyntax.isVisible(text) else {
      return .failure(Malformed(reason: "it holds white space or a control character"))
    }
    // libcurl takes one to three slashes: http:///path would name the host `path`.
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://"),
      !text[colon...].hasPrefix(":///")
    else {
      return .failure(Malformed(reason: "it does not begin with a scheme, :// and a host"))
    }
    guard let handle = unsafe curl_url() else {
      return .failure(Malformed(reason: "out of memory"))
    }
    defer { unsafe curl_url_cleanup(handle) }
    let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS)
    let code = unsafe curl_url_set(handle, CURLUPART_URL, text, flags)
    guard code == CURLUE_OK else { return .failure(Malformed(reason: reason(code))) }
    guard let scheme = unsafe part(handle, CURLUPART_SCHEME)?.lowercased(),
      let host = unsafe part(handle, CURLUPART_HOST), !host.isEmpty
    else { return .failure(Malformed(reason: "it has no scheme or no host")) }
    let written = unsafe part(handle, CURLUPART_PORT)
    let standard = ["http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"][scheme]
    guard let port = Int(written ?? standard ?? "") else {
      return .failure(Malformed(reason: "the scheme \(scheme) is not supported"))
    }
    let decoded = UInt32(CURLU_URLDECODE)
    return .success(
      ParsedURL(
        scheme: scheme,
        host: host,
        port: port,
        hasPort: written != nil,
        user: unsafe part(handle, CURLUPART_USER, decoded),
        password: unsafe part(handle, CURLUPART_PASSWORD, decoded)
      )
    )
  }

  /// The same URL with another host, or nil where libcurl does not take it.
  static func replacingHost(of text: String, with host: String) -> String? {
    guard let handle = unsafe curl_url() else { return nil }
    defer { unsafe curl_url_cleanup(handle) }
    guard unsafe curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_PATH_AS_IS)) == CURLUE_OK,
      unsafe curl_url_set(handle, CURLUPART_HOST, host, 0) == CURLUE_OK
    else { return nil }
    return unsafe part(handle, CURLUPART_URL)
  }

  /// Why a text is not a URL; the text itself is left out, for it may hold a password.
  struct Malformed: Error {
    let reason: String
  }

  private static func part(
    _ handle: OpaquePointer,
    _ part: CURLUPart,
    _ flags: UInt32 = 0
  ) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard unsafe curl_url_get(handle, part, &text, flags) == CURLUE_OK,
      let text = unsafe text
    else { return nil }
    defer { unsafe curl_free(text) }
    return unsafe String(cString: text)
  }

  private static func reason(_ code: CURLUcode) -> String {
    guard let text = unsafe curl_url_strerror(code) else { return "error \(code.rawValue)" }
    return unsafe String(cString: text)
  }
}

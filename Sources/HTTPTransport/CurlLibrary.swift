import CCurl

/// libcurl's process-wide state.
enum CurlLibrary {
  /// Set up once and never torn down: other threads may still use OpenSSL when a client ends.
  private static let startResult: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  /// Starts libcurl and makes sure that it can do what the agent needs.
  static func start() throws(TransportError) {
    guard startResult == CURLE_OK else {
      throw TransportError(
        code: .invalidRequest,
        message: "libcurl cannot start: \(text(of: startResult))"
      )
    }
    guard features & UInt(CURL_VERSION_SSL) != 0 else {
      throw TransportError(
        code: .invalidRequest,
        message: "libcurl \(version) was built without TLS; install one with OpenSSL"
      )
    }
  }

  /// The version that runs, as `8.5.0`.
  static var version: String {
    guard let info = unsafe cx_curl_version_info(),
      let version = unsafe info.pointee.version
    else { return "unknown" }
    return unsafe String(cString: version)
  }

  /// The bits `CURL_VERSION_…` of the library that runs.
  private static var features: UInt {
    guard let info = unsafe cx_curl_version_info() else { return 0 }
    return unsafe UInt(bitPattern: Int(info.pointee.features))
  }

  /// libcurl's sentence for a code.
  static func text(of code: CURLcode) -> String {
    guard let text = unsafe curl_easy_strerror(code) else { return "error \(code.rawValue)" }
    return unsafe String(cString: text)
  }

  /// libcurl's sentence for a multi handle's code.
  static func text(of code: CURLMcode) -> String {
    guard let text = unsafe curl_multi_strerror(code) else { return "error \(code.rawValue)" }
    return unsafe String(cString: text)
  }
}

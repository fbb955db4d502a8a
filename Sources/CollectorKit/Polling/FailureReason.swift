/// Why a poll failed: the label `reason` of `cx_exporter_poll_failures_total`.
public enum FailureReason: String, Sendable, CaseIterable {
  /// 401 or 403, a vendor's text that says the same, or a secret that cannot be read.
  case auth
  /// 429, or a vendor's text that says the same.
  case rateLimited = "rate_limited"
  /// No complete answer within the target's `timeout`.
  case timeout
  /// No connection, or one that broke before the answer was whole.
  case connection
  /// The handshake or the certificate was refused.
  case tls
  /// A status that is none of the above and not success, or a page of a proxy or firewall.
  case httpStatus = "http_status"
  /// An answer that is not the JSON it should be.
  case decode
  /// An answer that is well-formed and says that the vendor failed.
  case vendorError = "vendor_error"
  /// An answer larger than `max_response_size`.
  case tooLarge = "too_large"
  /// The agent's own request budget had no room in time.
  case budget

  /// Whether the rest of a poll would fail in the same way and should not be tried.
  ///
  /// What concerns one answer (`decode`, `vendor_error`, `http_status`, `too_large`) leaves the
  /// other requests of the poll alone.
  public var endsPoll: Bool {
    switch self {
    case .auth, .rateLimited, .timeout, .connection, .tls, .budget: true
    case .httpStatus, .decode, .vendorError, .tooLarge: false
    }
  }
}

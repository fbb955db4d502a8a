import HTTPTransport

/// What an answer that is no success stands for: one rule for all vendors, whatever its status.
///
/// A vendor's words count for more than the status that they come with: the same refusal is sent
/// with 200, with 400 and with its proper status, and a page of a proxy says nothing of the vendor.
enum Refusal {
  /// The reason of a failure.
  ///
  /// - Parameters:
  ///   - response: The answer.
  ///   - said: What it says of its failure.
  ///   - codes: The error codes that it names.
  /// - Returns: The label `reason`.
  static func reason(
    of response: HTTPClientResponse,
    saying said: String?,
    codes: [String]
  ) -> FailureReason {
    let isSuccess = (200...299).contains(response.status)
    // A 401 is about credentials whoever sends it (RFC 9110, section 15.5.2).
    if !isSuccess, response.status != 401, isPage(response) {
      return response.status == 429 ? .rateLimited : .httpStatus
    }
    let words = ([said].compactMap { $0 } + codes).map { $0.lowercased() }
    if codes.contains("429") || words.contains(where: RetryHint.speaksOfRateLimit) {
      return .rateLimited
    }
    switch response.status {
    case 429: return .rateLimited
    case 401, 403: return .auth
    // Nothing there, a proxy's own refusal, or the server's own trouble: no matter of the key.
    case 300...399, 404, 405, 407, 500...: return .httpStatus
    default:
      let isAboutCredentials =
        codes.contains { credentialCodes.contains($0.lowercased()) }
        || words.contains { word in credentialWords.contains { word.contains($0) } }
      if isAboutCredentials { return .auth }
      return isSuccess ? .vendorError : .httpStatus
    }
  }

  /// Whether a proxy, a firewall or a content network answered in the vendor's place.
  ///
  /// The vendors' interfaces answer JSON; a page is for a person. Cloudflare names its challenges
  /// (developers.cloudflare.com, "Detect a Challenge Page response") and refuses programs with the
  /// text `error code: 1020`.
  static func isPage(_ response: HTTPClientResponse) -> Bool {
    PayloadDecoder.isPage(response.body) || response.field("cf-mitigated") != nil
      || response.body.starts(with: "error code: 1".utf8)
  }

  /// Sources: Kore.ai's 4002 (its test suite: 401, "Invalid SDK credentials"), GraphQL servers'
  /// `extensions.code`, and statuses that are repeated in a body.
  private static let credentialCodes: Set<String> = [
    "401", "403", "4002", "unauthenticated", "unauthorized", "forbidden",
  ]

  /// Sources: Rocket.Chat ("You must be logged in to do this.", `error-unauthorized`,
  /// `error-forbidden`, "User does not have the permissions required for this action"), Kore.ai
  /// ("Invalid SDK credentials"), Samespace ("Not logged In"), Experia ("Unauthorized"), and the
  /// usual words of gateways.
  private static let credentialWords = [
    "be logged in", "not logged in", "unauthorized", "unauthorised", "unauthenticated",
    "not authorized", "not authorised", "not authenticated", "forbidden", "permissions required",
    "permission denied", "access denied", "invalid sdk credentials", "invalid credentials",
    "invalid api key", "invalid api-key", "invalid token", "invalid jwt", "jwt expired",
    "token expired", "token has expired", "authentication failed", "authentication required",
  ]
}

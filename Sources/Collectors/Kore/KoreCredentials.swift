import CollectorKit
import ConfigurationFile
import HTTPTransport

/// Where the header `auth` comes from: a ready token, or one that is minted for each request.
enum KoreCredentials: Sendable {
  /// A JSON Web Token that was made elsewhere.
  case token(Secret)
  /// An app of the bot that signs its own tokens (vendor page, "Generating the JWT Token").
  case app(clientID: String, clientSecret: Secret, subject: String)

  /// Seconds for which a minted token is valid: a request takes far less.
  private static let lifetime = 300
  /// Seconds by which a minted token claims to be older: a verifier whose clock is behind refuses
  /// one that is issued in its future (RFC 7519, section 4.1.6).
  private static let backdating = 60

  /// Reads `jwt`, or `token` and its twin; nil where an error was recorded.
  init?(_ section: Section) {
    let hasToken = section.has("token") || section.has("token_file")
    let hasApp = section.has("jwt")
    let token = hasToken ? section.secret("token") : nil
    let app = hasApp ? section.section("jwt").flatMap(KoreCredentials.init(app:)) : nil
    switch (hasToken, hasApp) {
    case (true, true):
      section.report(
        "\"\(section.has("token") ? "token" : "token_file")\" is given as well; give only one of "
          + "the two",
        at: "jwt"
      )
      return nil
    case (false, false):
      section.report(
        "has no credentials; give \"jwt\" with client_id and client_secret, \"token\" or \"token_file\""
      )
      return nil
    case (true, false):
      guard let token else { return nil }
      self = .token(token)
    case (false, true):
      guard let app else { return nil }
      self = app
    }
  }

  private init?(app section: Section) {
    let clientID = section.requiredString("client_id")
    let clientSecret = section.requiredSecret("client_secret")
    let subject = section.has("subject") ? section.requiredString("subject") : clientID
    section.finish()
    guard let clientID, let clientSecret, let subject else { return nil }
    self = .app(clientID: clientID, clientSecret: clientSecret, subject: subject)
  }

  /// The value of the header `auth` for one request.
  ///
  /// A minted token has an identifier of its own: apps may be set to refuse one that was seen
  /// before ("Enforce JTI").
  ///
  /// - Parameter now: Unix seconds.
  /// - Returns: A JSON Web Token in its compact form.
  /// - Throws: `SecretError` where a secret cannot be read, `TransportError` where it cannot sign.
  func header(now: Double) throws -> String {
    switch self {
    case .token(let token):
      return try token.value()
    case .app(let clientID, let clientSecret, let subject):
      let now = Int(now)
      return try JSONWebToken.signHS256(
        claims: [
          ("appId", .string(clientID)),
          ("sub", .string(subject)),
          ("iat", .integer(now - KoreCredentials.backdating)),
          ("exp", .integer(now + KoreCredentials.lifetime)),
          ("jti", .string(JSONWebToken.randomIdentifier())),
        ],
        secret: try clientSecret.value()
      )
    }
  }
}

import Synchronization

/// Decides whether a request's `auth` token opens the bot.
final class KoreCredentials: Sendable {
  /// How many token ids are remembered against replay.
  private static let capacity = 10_000

  private let clientID: String
  private let secret: String
  private let enforcesJTI: Bool
  private let seen = Mutex<(order: [String], known: Set<String>)>(([], []))

  init(clientID: String, secret: String, enforcesJTI: Bool) {
    self.clientID = clientID
    self.secret = secret
    self.enforcesJTI = enforcesJTI
  }

  /// Whether the token is signed with the app's secret, names the app, is in its time, and has not
  /// been here before where it says which one it is.
  func accept(_ text: String, at now: Double) -> Bool {
    guard let token = JSONWebToken(parsing: text), token.isSigned(with: secret),
      token.claims["appId"]?.text == clientID
    else { return false }
    if let expiry = token.claims["exp"] {
      guard let expiry = expiry.double, expiry > now else { return false }
    }
    guard let id = token.claims["jti"]?.text else { return !enforcesJTI }
    return seen.withLock { seen in
      guard seen.known.insert(id).inserted else { return false }
      seen.order.append(id)
      if seen.order.count > KoreCredentials.capacity {
        let old = seen.order.prefix(KoreCredentials.capacity / 2)
        seen.known.subtract(old)
        seen.order.removeFirst(old.count)
      }
      return true
    }
  }
}

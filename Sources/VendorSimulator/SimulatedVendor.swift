/// A vendor whose endpoints the simulator imitates.
public enum SimulatedVendor: String, CaseIterable, Sendable {
  /// Experia's dashboard API, `/v2/…`.
  case experia
  /// Samespace's GraphQL analytics, `/analytics/api`.
  case samespace
  /// Rocket.Chat's Omnichannel analytics, `/api/v1/…`.
  case rocketchat
  /// Kore.ai's public bot API, `/api/public/bot/…`.
  case kore

  /// The vendor whose paths start like this one; no two vendors share a prefix.
  init?(path: String) {
    if path == "/v2" || path.hasPrefix("/v2/") {
      self = .experia
    } else if path == "/analytics/api" {
      self = .samespace
    } else if path.hasPrefix("/api/v1/") {
      self = .rocketchat
    } else if path.hasPrefix("/api/public/bot/") {
      self = .kore
    } else {
      return nil
    }
  }
}

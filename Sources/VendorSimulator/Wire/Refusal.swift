/// Why a vendor gives no data; each vendor has its own words and envelope for it.
enum Refusal {
  case unauthorized
  case forbidden
  /// The window that is full, and how many seconds until there is room, where the message says so.
  case rateLimited(window: Double?, seconds: Int?)
  case internalError
  /// An error envelope under status 200.
  case errorEnvelope
}

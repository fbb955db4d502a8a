import CollectorKit
private import FoundationEssentials

/// Builds the bodies of `POST /v2/dashboard` and `POST /v2/dashboard/{cardName}` (vendor page, "Request
/// Body" and "Body (JSON)").
struct ExperiaRequests: Sendable {
  let configuration: ExperiaConfiguration

  /// The summary's path.
  static let summaryPath = "/v2/dashboard"

  /// A card's path.
  static func path(of card: ExperiaCard) -> String { summaryPath + "/" + card.card }

  /// The body for one view and one value of `filter`, and for a card what the summary does not have.
  func body(
    view: ExperiaConfiguration.View,
    filter: String,
    card: ExperiaCard? = nil
  ) throws -> [UInt8] {
    let levels = configuration.serviceLevels
    let shifts = card?.shifts ?? []
    let body = Body(
      filter: filter,
      channels: view.channels,
      email: view.agentEmail,
      groupsID: view.groups,
      timezoneOffset: configuration.timezoneOffset.name,
      sla: levels.isEmpty
        ? nil
        : Dictionary(
          levels.map { ($0.name, $0.threshold ?? 0) },
          uniquingKeysWith: { first, _ in first }
        ),
      category: card?.category?.rawValue,
      shiftIDs: shifts.isEmpty ? nil : shifts
    )
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return [UInt8](try encoder.encode(body))
  }

  private struct Body: Encodable {
    let filter: String
    let channels: [String]
    let email: String
    let groupsID: [String]
    let timezoneOffset: String
    let sla: [String: Double]?
    let category: String?
    let shiftIDs: [String]?

    enum CodingKeys: String, CodingKey {
      case filter, channels, email, groupsID, timezoneOffset, sla, shiftIDs
      case category = "for"
    }
  }
}

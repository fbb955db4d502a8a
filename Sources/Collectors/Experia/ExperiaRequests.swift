import CollectorKit
private import FoundationEssentials

/// Builds the bodies of `POST /v2/dashboard` (vendor page, "Request Body").
struct ExperiaRequests: Sendable {
  let configuration: ExperiaConfiguration

  /// The summary's path.
  static let summaryPath = "/v2/dashboard"

  /// The body for one view and one value of `filter`.
  func summaryBody(view: ExperiaConfiguration.View, filter: String) throws -> [UInt8] {
    let levels = configuration.serviceLevels
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
        )
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
  }
}

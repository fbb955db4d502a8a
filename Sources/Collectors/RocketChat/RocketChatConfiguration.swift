import CollectorKit
import ConfigurationFile
import HTTPTransport

/// A Rocket.Chat target's own keys.
struct RocketChatConfiguration: Sendable {
  /// One selection of conversations: each costs one request a chart and poll.
  struct Department: Sendable {
    /// The label `department`.
    let name: String
    /// The vendor's id; nil for the conversations of all departments.
    let id: String?
  }

  /// The names of the service levels, in the order in which they are written.
  static let serviceLevelNames = ["first_response", "response", "reaction"]

  let userID: Secret
  let authToken: Secret
  let charts: [RocketChatChart]
  let departments: [Department]
  let serviceLevels: [ServiceLevel]
  /// Whether the live endpoints are asked as well.
  let realtime: Bool
  /// How many seconds back a chat may have begun to be among those by state.
  let realtimeWindow: Double

  /// Reads the section; nil where an error was recorded.
  ///
  /// - Parameters:
  ///   - section: The target's keys.
  ///   - labels: The names of the target's static labels.
  init?(_ section: Section, labels: Set<String>) {
    let userID = section.requiredSecret("user_id")
    let authToken = section.requiredSecret("auth_token")
    charts = RocketChatConfiguration.charts(section)
    departments = RocketChatConfiguration.departments(section)
    serviceLevels = section.serviceLevels(RocketChatConfiguration.serviceLevelNames)
    if serviceLevels.contains(where: { $0.objective != nil }) {
      section.warn(
        "an objective is checked but not used: charts-data gives averages and no share",
        at: "sla"
      )
    }
    realtime = section.boolean("realtime") ?? false
    let window = section.duration("realtime_window", in: .seconds(3600)...(.seconds(31 * 86_400)))
    realtimeWindow = window?.seconds ?? 86_400
    for name in ["state", "status"] where realtime && labels.contains(name) {
      section.report("the label \"\(name)\" is set by the exporter with realtime", at: "labels")
    }
    if !realtime, section.has("realtime_window") {
      section.report("has no effect without realtime: true", at: "realtime_window")
    }
    guard let userID, let authToken else { return nil }
    self.userID = userID
    self.authToken = authToken
  }

  private static func charts(_ section: Section) -> [RocketChatChart] {
    guard let named = section.choices("charts", as: RocketChatChart.self) else {
      return RocketChatChart.allCases
    }
    if named.isEmpty { section.report("is empty: leave it out for all charts", at: "charts") }
    return named
  }

  private static func departments(_ section: Section) -> [Department] {
    guard let entries = section.sections("departments") else {
      return [Department(name: "all", id: nil)]
    }
    if entries.isEmpty {
      section.report("is empty: leave it out for one department, all", at: "departments")
    }
    var departments: [Department] = []
    for entry in entries {
      let name = entry.requiredString("name")
      let id = entry.has("id") ? entry.requiredString("id") : nil
      if !entry.has("id"), let name, name != "all" {
        entry.warn("has no id, so that it stands for all departments", at: "name")
      }
      if id == "undefined" {
        // Rocket.Chat ignores this very text and answers for all departments.
        entry.report("\"undefined\" is no department's id", at: "id")
      }
      entry.finish()
      guard let name else { continue }
      if name.contains("@") {
        entry.report("would put an e-mail address into the label department", at: "name")
      }
      if departments.contains(where: { $0.name == name }) {
        entry.report("the department \"\(name)\" stands twice", at: "name")
      } else {
        departments.append(Department(name: name, id: id))
      }
    }
    return departments
  }
}

extension RocketChatConfiguration {
  /// The header fields of every request, with the secrets read afresh.
  func fields(endpoint: String) throws(CollectionError) -> [HTTPField] {
    do {
      return [
        HTTPField("X-Auth-Token", try authToken.value()),
        HTTPField("X-User-Id", try userID.value()),
        HTTPField("Accept", "application/json"),
      ]
    } catch {
      throw CollectionError(.auth, endpoint: endpoint, "\(error)")
    }
  }
}

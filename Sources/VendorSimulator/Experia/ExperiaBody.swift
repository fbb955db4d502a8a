/// A request body of Experia's two endpoints, checked against the field table of its documentation.
struct ExperiaBody {
  /// What is wrong with a body, for the message.
  struct Problem: Error {
    let message: String
  }

  let filter: String?
  let category: String
  let email: String
  let channels: [String]
  let groups: [String]
  let timezoneOffset: String
  /// Thresholds in seconds by name; nil where no `sla` was sent.
  let thresholds: [String: Double]?

  init(_ bytes: [UInt8]) throws(Problem) {
    guard let body = JSONValue(parsing: bytes), case .object = body else {
      throw Problem(message: "body must be a JSON object")
    }
    filter = try ExperiaBody.text(body, "filter")
    category = try ExperiaBody.text(body, "for") ?? ""
    email = try ExperiaBody.text(body, "email") ?? ""
    channels = try ExperiaBody.texts(body, "channels")
    groups = try ExperiaBody.texts(body, "groupsID")
    // Shifts are checked, and every session is of any of them.
    _ = try ExperiaBody.texts(body, "shiftIDs")
    timezoneOffset = try ExperiaBody.text(body, "timezoneOffset") ?? "+03:00"
    thresholds = try ExperiaBody.thresholds(body)
    guard ["", "session", "hospitality"].contains(category) else {
      throw Problem(message: "for must be session or hospitality")
    }
  }

  private static func text(_ body: JSONValue, _ name: String) throws(Problem) -> String? {
    guard let value = body[name]?.orNil else { return nil }
    guard let text = value.text else { throw Problem(message: "\(name) must be a string") }
    return text
  }

  private static func texts(_ body: JSONValue, _ name: String) throws(Problem) -> [String] {
    guard let value = body[name]?.orNil else { return [] }
    guard let elements = value.elements else { throw Problem(message: "\(name) must be an array") }
    let texts = elements.compactMap(\.text)
    guard texts.count == elements.count else {
      throw Problem(message: "\(name) must hold strings")
    }
    return texts
  }

  private static func thresholds(_ body: JSONValue) throws(Problem) -> [String: Double]? {
    guard let value = body["sla"]?.orNil else { return nil }
    guard case .object(let members) = value else {
      throw Problem(message: "sla must be an object")
    }
    var thresholds: [String: Double] = [:]
    for member in members where ["response", "waiting", "service"].contains(member.name) {
      guard let seconds = member.value.double, seconds >= 0 else {
        throw Problem(message: "sla.\(member.name) must be a number of seconds")
      }
      thresholds[member.name] = seconds
    }
    return thresholds
  }
}

import CollectorKit

/// The answer of `POST /v2/dashboard` (vendor page, "Response").
///
/// Every field may be missing or null; numbers may come as strings. Percentages are 0 to 100 here.
struct ExperiaPayload: Decodable, Sendable {
  let status: String?
  private let numbers: [String: JSONNumber]
  private let texts: [String: String]
  /// What stands below `sla`; nil where that is no object.
  private let compliance: [String: JSONNumber]?

  /// The number in a field, in the vendor's unit; what cannot be read is noted.
  func number(_ field: String, _ skipped: inout [String]) -> Double? {
    numbers[field].flatMap { ExperiaPayload.value($0, field, &skipped) }
  }

  /// Seconds of a `DD HH:MM:SS` field.
  func duration(_ field: String, _ skipped: inout [String]) -> Double? {
    text(field, ClockDuration.seconds, &skipped)
  }

  /// Seconds since midnight of an `HH:MM` field.
  func timeOfDay(_ field: String, _ skipped: inout [String]) -> Double? {
    text(field, ClockDuration.timeOfDay, &skipped)
  }

  /// The percentage below `sla` for `response`, `waiting` or `service`.
  func compliancePercent(_ level: String, _ skipped: inout [String]) -> Double? {
    guard let compliance else {
      skipped.append("sla.\(level) is missing, for sla is no object")
      return nil
    }
    return compliance[level].flatMap { ExperiaPayload.value($0, "sla.\(level)", &skipped) }
  }

  private static func value(
    _ number: JSONNumber,
    _ field: String,
    _ skipped: inout [String]
  ) -> Double? {
    if case .unreadable(let seen) = number { skipped.append("\(field) is \(seen), not a number") }
    return number.value
  }

  private func text(
    _ field: String,
    _ parse: (String) -> Double?,
    _ skipped: inout [String]
  ) -> Double? {
    guard let text = texts[field], !text.isEmpty, text != "-" else {
      if case .unreadable(let seen) = numbers[field] ?? .absent {
        skipped.append("\(field) is \(seen), not a time")
      } else if let number = numbers[field]?.value {
        skipped.append("\(field) is the number \(number), not a time")
      }
      return nil
    }
    if let seconds = parse(text) { return seconds }
    skipped.append(
      "\(field) is \"\(ErrorEnvelope.printable(String(text.prefix(40))))\", not a time"
    )
    return nil
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    status = try? container.decode(String.self, forKey: AnyKey("status"))
    var numbers: [String: JSONNumber] = [:]
    var texts: [String: String] = [:]
    // Only what is asked for: an answer may hold any number of other fields.
    for name in ExperiaField.names {
      let key = AnyKey(name)
      guard container.contains(key) else { continue }
      if let text = try? container.decode(String.self, forKey: key) { texts[name] = text }
      numbers[name] = try container.decode(JSONNumber.self, forKey: key)
    }
    self.numbers = numbers
    self.texts = texts
    do {
      compliance =
        try container.decodeIfPresent([String: JSONNumber].self, forKey: AnyKey("sla")) ?? [:]
    } catch {
      compliance = nil
    }
  }
}

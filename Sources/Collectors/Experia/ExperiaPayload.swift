import CollectorKit

/// The answer of `POST /v2/dashboard` (vendor page, "Response").
///
/// Every field may be missing or null; numbers may come as strings. Percentages are 0 to 100 here.
struct ExperiaPayload: Decodable, Sendable {
  let status: String?
  private let values: [String: PayloadValue]
  private let sla: ServiceLevels

  /// The compliance figures, or what the answer has instead of them.
  private enum ServiceLevels {
    case levels([String: PayloadValue])
    /// Why there are none, such as "is missing".
    case instead(String)
  }

  /// A field's value in its form's unit; why it cannot be read is noted.
  func value(_ field: String, _ form: ExperiaForm, _ skipped: inout [String]) -> Double? {
    form.read(values[field], field, &skipped)
  }

  /// The documented fields that the answer does not have, not even as null.
  var missingFields: [String] {
    ExperiaField.names.filter { values[$0] == nil }
  }

  /// Whether any documented field can be read, or says that it has no value.
  var hasFigures: Bool {
    var noted: [String] = []
    return ExperiaField.all.contains { field in
      values[field.vendorField]?.isAbsent == true || field.value(in: self, &noted) != nil
    }
  }

  /// Whether the answer counts no session, so that there is no share to give.
  var isIdle: Bool {
    var noted: [String] = []
    return value("totalSessions", .count, &noted) == 0
  }

  /// The percentage below `sla` for `response`, `waiting` or `service`.
  ///
  /// - Parameters:
  ///   - level: The level's name.
  ///   - missing: Takes why there is no value for the level.
  ///   - skipped: Takes why the value cannot be read, or cannot be right.
  /// - Returns: 0 to 100, or nil.
  func compliancePercent(
    _ level: String,
    missing: inout [String],
    _ skipped: inout [String]
  ) -> Double? {
    switch sla {
    case .instead(let reason):
      missing.append("sla.\(level) is missing although a threshold was sent: sla \(reason)")
      return nil
    case .levels(let levels):
      guard let value = levels[level], !value.isAbsent else {
        let seen = levels[level].map { "is \($0.shown)" } ?? "is missing"
        missing.append("sla.\(level) \(seen) although a threshold was sent")
        return nil
      }
      return ExperiaForm.share.read(value, "sla.\(level)", &skipped)
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    status = try? container.decode(String.self, forKey: AnyKey("status"))
    var values: [String: PayloadValue] = [:]
    // Only what is asked for: an answer may hold any number of other fields.
    for name in ExperiaField.names where container.contains(AnyKey(name)) {
      values[name] = try container.decode(PayloadValue.self, forKey: AnyKey(name))
    }
    self.values = values
    let key = AnyKey("sla")
    if let levels = try? container.decode([String: PayloadValue].self, forKey: key) {
      sla = .levels(levels)
    } else if container.contains(key) {
      let value = try container.decode(PayloadValue.self, forKey: key)
      sla = .instead("is \(value.shown)")
    } else {
      sla = .instead("is not in the answer")
    }
  }
}

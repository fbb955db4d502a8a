public import ConfigurationFile

extension Section {
  /// A named time zone, or nil where the key is absent or an error was recorded.
  public func zone(_ key: String) -> Zone? {
    guard let name = string(key) else { return nil }
    do {
      return try Zone(named: name)
    } catch {
      report(error.message, at: key)
      return nil
    }
  }

  /// A fixed offset such as `+03:00`, or nil where the key is absent or an error was recorded.
  public func zoneOffset(_ key: String) -> Zone? {
    guard let text = string(key) else { return nil }
    if let zone = Zone(offset: text) { return zone }
    report("\"\(text)\" is no offset such as +03:00", at: key)
    return nil
  }

  /// The objectives below `sla:`, by name; unknown names are errors.
  ///
  /// - Parameters:
  ///   - names: The names of the levels, in the order of the result.
  ///   - leastThreshold: The lowest threshold that the vendor has a use for.
  /// - Returns: The levels that are configured.
  public func serviceLevels(
    _ names: [String],
    leastThreshold: Duration = .seconds(1)
  ) -> [ServiceLevel] {
    guard let section = section("sla") else { return [] }
    var levels: [ServiceLevel] = []
    for name in names {
      guard let entry = section.section(name) else { continue }
      let threshold = entry.duration("threshold", in: leastThreshold...(.seconds(31 * 86_400)))
      let objective = entry.number("objective", in: 0...1)
      entry.require("threshold")
      entry.finish()
      levels.append(
        ServiceLevel(name: name, threshold: threshold?.seconds, objective: objective)
      )
    }
    section.finish()
    return levels
  }
}

/// A service level: within which time, and for which share of the sessions.
public struct ServiceLevel: Sendable, Equatable {
  /// The label `sla`: `response`, `waiting`, `service`, `first_response` or `reaction`.
  public let name: String
  /// Seconds within which it should happen.
  public let threshold: Double?
  /// The share, 0 to 1, for which it should.
  public let objective: Double?
}

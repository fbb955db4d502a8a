/// A time zone: a fixed offset, or a named zone with its history and its future rule.
///
/// Named zones come from the system's TZif files: Foundation's own are not linked into a static
/// build, and the environment's TZ is one for the whole process.
public struct Zone: Sendable {
  /// The name as configured: `Asia/Kolkata`, `+03:00` or `Etc/UTC`.
  public let name: String
  private let rules: Rules

  private enum Rules: Sendable {
    case fixed(Int)
    case file(TZifFile)
  }

  /// Coordinated Universal Time.
  public static let utc = Zone(name: "Etc/UTC", rules: .fixed(0))

  private init(name: String, rules: Rules) {
    self.name = name
    self.rules = rules
  }

  /// A fixed offset written `+HH:MM`, `-HH:MM` or `Z`, at most 18 hours; nil for anything else.
  public init?(offset text: String) {
    if text == "Z" {
      self.init(name: text, rules: .fixed(0))
      return
    }
    let bytes = Array(text.utf8)
    guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
      bytes[3] == UInt8(ascii: ":"),
      [1, 2, 4, 5].allSatisfy({ (0x30...0x39).contains(bytes[$0]) })
    else { return nil }
    let hours = Int(bytes[1] - 0x30) * 10 + Int(bytes[2] - 0x30)
    let minutes = Int(bytes[4] - 0x30) * 10 + Int(bytes[5] - 0x30)
    guard minutes < 60, hours * 60 + minutes <= 18 * 60 else { return nil }
    let seconds = (hours * 60 + minutes) * 60
    self.init(name: text, rules: .fixed(bytes[0] == UInt8(ascii: "-") ? -seconds : seconds))
  }

  /// A zone by its IANA name.
  ///
  /// - Parameters:
  ///   - name: `Area/City`; `UTC`, `Etc/UTC`, `GMT` and `Etc/GMT` need no file.
  ///   - directory: Where the compiled zones lie.
  /// - Throws: `ZoneError` where there is no such zone or its file cannot be read.
  public init(named name: String, directory: String = "/usr/share/zoneinfo") throws(ZoneError) {
    if ["UTC", "Etc/UTC", "GMT", "Etc/GMT"].contains(name) {
      self.init(name: name, rules: .fixed(0))
      return
    }
    self.init(name: name, rules: .file(try TZifFile(zone: name, directory: directory)))
  }

  /// Seconds east of UTC at that instant.
  public func offset(at unixTime: Int64) -> Int {
    switch rules {
    case .fixed(let seconds): seconds
    case .file(let file): file.offset(at: unixTime)
    }
  }

  /// The local day at that instant.
  public func date(at unixTime: Double) -> CivilDate {
    let instant = Int64(unixTime.rounded(.down))
    let local = instant + Int64(offset(at: instant))
    return CivilDate(dayNumber: Int((Double(local) / 86_400).rounded(.down)))
  }

  /// Seconds since the local day's first instant: it runs to 23 or 25 hours on days of change.
  public func secondsIntoDay(at unixTime: Double) -> Double {
    unixTime - Double(startOfDay(date(at: unixTime)))
  }

  /// The hour on the local clock, 0 to 23.
  public func hour(at unixTime: Double) -> Int {
    let instant = Int64(unixTime.rounded(.down))
    let local = instant + Int64(offset(at: instant))
    let second = local % 86_400
    return Int(second < 0 ? second + 86_400 : second) / 3600
  }

  /// The first instant of a local day in Unix seconds: after a gap at midnight, the gap's end.
  public func startOfDay(_ date: CivilDate) -> Int64 {
    let midnight = Int64(date.dayNumber) * 86_400
    if case .fixed(let seconds) = rules { return midnight - Int64(seconds) }
    // No offset reaches 26 hours, so the day's first instant lies between these bounds.
    var before = midnight - 26 * 3600
    var after = midnight + 26 * 3600
    // A clock that goes back over midnight shows it twice: the first one counts.
    let midnights = [offset(at: before), offset(at: after)]
      .filter { offset(at: midnight - Int64($0)) == $0 }
    if let largest = midnights.max() { return midnight - Int64(largest) }
    // Midnight is in a gap.
    while after - before > 1 {
      let middle = before + (after - before) / 2
      if self.date(at: Double(middle)) < date {
        before = middle
      } else {
        after = middle
      }
    }
    return after
  }

  /// When the local clock shows a whole hour of a day, in Unix seconds.
  ///
  /// - Parameters:
  ///   - date: The local day.
  ///   - hour: 0 to 23.
  /// - Returns: The first of two where the clock is set back over that hour; nil where it is set
  ///   forward over it, so that it is never shown, and for an hour beyond 23.
  public func instant(of date: CivilDate, hour: Int) -> Int64? {
    guard (0...23).contains(hour) else { return nil }
    let local = Int64(date.dayNumber) * 86_400 + Int64(hour) * 3600
    // No offset reaches 26 hours: one of these holds at the hour unless the clock changes twice
    // around it, and then it holds at one of the instants that these two lead to.
    let around = [offset(at: local - 26 * 3600), offset(at: local + 26 * 3600)]
    let offsets = around + around.map { offset(at: local - Int64($0)) }
    let candidates = Set(offsets.map { local - Int64($0) })
    return candidates.sorted().first { $0 + Int64(offset(at: $0)) == local }
  }
}

/// Why a zone cannot be had.
public struct ZoneError: Error, Sendable, Equatable {
  /// One line for people.
  public let message: String

  /// An error with that text.
  public init(_ message: String) {
    self.message = message
  }
}

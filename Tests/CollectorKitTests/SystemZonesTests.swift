import CollectorKit
import Glibc
import Testing

/// The system's zones from 1902 to 2100 against GNU date, which reads the same files with glibc.
@Suite struct SystemZonesTests {
  /// Instants all over the range, by a fixed generator, and the turns of some years.
  private static let instants: [Int64] = {
    var state: UInt64 = 42
    var instants: [Int64] = (0..<400).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // 1902 to 2100.
      return Int64(state >> 16) % 6_248_000_000 - 2_145_000_000
    }
    for year in [1970, 2000, 2024, 2037, 2038, 2050, 2088] {
      guard let day = CivilDate(year: year, month: 1, day: 1) else { continue }
      instants += (-26...26).map { Int64(day.dayNumber) * 86_400 + $0 * 3600 }
    }
    return instants
  }()

  @Test(arguments: [
    "Africa/Cairo", "Africa/Casablanca", "Africa/Monrovia", "America/Argentina/San_Luis",
    "America/Asuncion", "America/Caracas", "America/New_York", "America/Nuuk",
    "America/Sao_Paulo", "America/Scoresbysund", "America/St_Johns", "Antarctica/Troll",
    "Asia/Amman", "Asia/Calcutta", "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu",
    "Asia/Kolkata", "Asia/Pyongyang", "Asia/Riyadh", "Asia/Tehran", "Atlantic/Azores",
    "Australia/Lord_Howe", "Australia/Sydney", "EST5EDT", "Etc/GMT+12", "Etc/GMT-14",
    "Europe/Berlin", "Europe/Dublin", "Europe/Istanbul", "Europe/London", "Europe/Volgograd",
    "Pacific/Apia", "Pacific/Chatham", "Pacific/Easter", "Pacific/Kiritimati",
    "Pacific/Norfolk",
  ])
  func offsets(_ name: String) throws {
    let zone = try Zone(named: name)
    let expected = try SystemZonesTests.ask(name)
    #expect(expected.count == SystemZonesTests.instants.count)
    let wrong = zip(SystemZonesTests.instants, expected).filter { instant, offset in
      zone.offset(at: instant) != offset
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  /// The offsets that `date` prints.
  private static func ask(_ zone: String) throws -> [Int] {
    let list = instants.map { "@\($0)" }.joined(separator: "\n")
    let command = "TZ='\(zone)' LC_ALL=C date -f - '+%::z' <<'EOF'\n\(list)\nEOF\n"
    guard let pipe = unsafe popen(command, "r") else { return [] }
    defer { unsafe pclose(pipe) }
    var text: [UInt8] = []
    while true {
      let byte = unsafe fgetc(pipe)
      guard byte >= 0 else { break }
      text.append(UInt8(truncatingIfNeeded: byte))
    }
    return try String(decoding: text, as: UTF8.self).split(separator: "\n").map { line in
      let parts = line.dropFirst().split(separator: ":").compactMap { Int($0) }
      try #require(parts.count == 3)
      let seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
      return line.first == "-" ? -seconds : seconds
    }
  }
}
